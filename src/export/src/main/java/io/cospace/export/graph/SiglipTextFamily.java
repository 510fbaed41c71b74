package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.util.Map;
import java.util.Optional;

/**
 * SigLIP's text tower as Hugging Face names it ({@code text_model.}, with a {@code head}) and as
 * open_clip does ({@code text.}, with a biased projection).
 */
final class SiglipTextFamily implements Family {
    private static final float EPSILON = 1e-6f;

    /** Words of SigLIP 2's tokenizer, Gemma's, whose padding has id 0; the first SigLIP's has 1. */
    private static final int GEMMA_WORDS = 256_000;

    private static final Names NAMES =
            ClipNames.text()
                    .rename("text_model\\.head\\.(weight|bias)", "projection.$1")
                    .rename("text\\.text_projection\\.(weight|bias)", "projection.$1");

    /** Whether a text tower is SigLIP's; CLIP's has no bias behind it. */
    static boolean owns(Map<String, TensorInfo> tensors) {
        return tensors.containsKey("text_model.head.bias")
                || tensors.containsKey("text.text_projection.bias");
    }

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        Map<String, TensorInfo> ours = NAMES.infos(tensors);
        TensorInfo words = ours.get("words");
        TensorInfo positions = ours.get("positions");
        if (words == null || positions == null || !owns(tensors)) {
            return Optional.empty();
        }
        int width = Math.toIntExact(words.size(1));
        int context = Math.toIntExact(positions.size(0));
        SiglipTextTower.Config built = config(config, width, Math.toIntExact(words.size(0)));
        return Optional.of(
                new TextTower(
                        "SigLIP text transformer, width %d, %d heads, %s, %d words, %d tokens"
                                .formatted(
                                        width,
                                        built.heads(),
                                        built.activation(),
                                        words.size(0),
                                        context),
                        NAMES.used(tensors.keySet()),
                        NAMES.ignored(tensors.keySet()),
                        width,
                        context,
                        Pooling.LAST,
                        weights -> new ProjectionHead(NAMES.apply(weights)),
                        (weights, layout, pooling, skip, head) -> {
                            if (pooling != Pooling.LAST || skip != 0) {
                                throw new IllegalArgumentException(
                                        "pooling %s from token %d on; SigLIP reads the last place"
                                                .formatted(pooling, skip));
                            }
                            return new SiglipTextTower(built, NAMES.apply(weights), layout, head);
                        }));
    }

    private static SiglipTextTower.Config config(JsonNode json, int width, int words) {
        JsonNode openClip = json.has("model_cfg") ? json.path("model_cfg") : json;
        if (openClip.has("text_cfg")) {
            JsonNode cfg = openClip.path("text_cfg");
            boolean tanh = cfg.path("act_kwargs").path("approximate").asText("").equals("tanh");
            return new SiglipTextTower.Config(
                    cfg.path("heads").asInt(width / 64),
                    (float) cfg.path("norm_kwargs").path("eps").asDouble(EPSILON),
                    tanh ? Activation.GELU_TANH : Activation.GELU,
                    padding(words));
        }
        JsonNode cfg = json.has("text_config") ? json.path("text_config") : json;
        return new SiglipTextTower.Config(
                cfg.path("num_attention_heads").asInt(width / 64),
                (float) cfg.path("layer_norm_eps").asDouble(EPSILON),
                ClipSettings.activation(cfg.path("hidden_act").asText("gelu_pytorch_tanh")),
                padding(words));
    }

    private static int padding(int words) {
        return words >= GEMMA_WORDS ? 0 : 1;
    }
}
