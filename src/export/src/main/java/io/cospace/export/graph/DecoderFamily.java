package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Llama and Qwen3 decoders under Hugging Face names, with or without the prefix {@code model.}. A
 * configuration whose class says so (LLM2CLIP's {@code LlamaBiModel}, {@code LlamaEncoderModel}),
 * or with a key {@code bidirectional}, has no causal mask and is read by the mean; others are
 * causal and read at the last token.
 */
final class DecoderFamily implements Family {
    private static final Set<String> BIDIRECTIONAL =
            Set.of("LlamaBiModel", "LlamaEncoderModel", "LlamaBiForMNTP");

    private static final Names NAMES =
            Names.none()
                    .ignore("(?:model\\.)?lm_head\\.weight", "head of the pre-training task")
                    .ignore(".*rotary_emb\\.inv_freq", "rotary frequencies, recomputed")
                    .rename(
                            "(?:model\\.)?((?:embed_tokens|norm)\\.weight(?:_q4|_q8|_scale)?)",
                            "$1")
                    .rename("(?:model\\.)?(layers\\.\\d+\\..*)", "$1");

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        Map<String, TensorInfo> ours = NAMES.infos(tensors);
        TensorInfo words = ours.get("embed_tokens.weight");
        if (words == null || !ours.containsKey("layers.0.mlp.gate_proj.weight")) {
            return Optional.empty();
        }
        JsonNode json = config.has("text_config") ? config.path("text_config") : config;
        String type = json.path("model_type").asText("llama");
        if (!type.equals("llama") && !type.equals("qwen3")) {
            throw new IllegalArgumentException(
                    "model_type is \"%s\"; decoders known: llama, qwen3".formatted(type));
        }
        boolean bidirectional = bidirectional(json);
        DecoderConfig built = DecoderConfig.of(json, !bidirectional);
        int features = Math.toIntExact(words.size(1));
        return Optional.of(
                new TextTower(
                        "%s decoder, width %d, %d/%d heads of %d, %d words, %s"
                                .formatted(
                                        type,
                                        features,
                                        built.heads(),
                                        built.keyHeads(),
                                        built.headSize(),
                                        words.size(0),
                                        bidirectional ? "no causal mask" : "causal"),
                        NAMES.used(tensors.keySet()),
                        NAMES.ignored(tensors.keySet()),
                        features,
                        built.maxTokens(),
                        bidirectional ? Pooling.MEAN : Pooling.LAST,
                        weights -> Head.unit(features),
                        (weights, layout, pooling, skip, head) ->
                                new DecoderTower(
                                        built,
                                        NAMES.apply(weights),
                                        layout,
                                        reading(pooling, skip),
                                        head)));
    }

    private static boolean bidirectional(JsonNode config) {
        for (JsonNode architecture : config.path("architectures")) {
            if (BIDIRECTIONAL.contains(architecture.asText())) {
                return true;
            }
        }
        return config.path("bidirectional").asBoolean(false);
    }

    private static DecoderTower.Reading reading(Pooling pooling, int skip) {
        return switch (pooling) {
            case LAST -> new DecoderTower.Reading(true, 0);
            case MEAN -> new DecoderTower.Reading(false, skip);
            case FIRST ->
                    throw new IllegalArgumentException(
                            "pooling FIRST; a decoder's first token has seen nothing");
        };
    }
}
