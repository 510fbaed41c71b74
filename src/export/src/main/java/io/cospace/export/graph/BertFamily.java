package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * BERT and XLM-R encoders under Hugging Face names, with or without the prefix {@code bert.} or
 * {@code roberta.}.
 */
final class BertFamily implements Family {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final List<String> PREFIXES = List.of("", "bert.", "roberta.");

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        for (String prefix : PREFIXES) {
            if (words(prefix, tensors).isPresent() && tensors.containsKey(prefix + POSITIONS)) {
                return Optional.of(part(prefix, tensors, config));
            }
        }
        return Optional.empty();
    }

    private static Part part(String prefix, Map<String, TensorInfo> tensors, JsonNode json) {
        BertConfig config = BertConfig.of(json);
        Set<String> used = new LinkedHashSet<>();
        Map<String, String> ignored = new LinkedHashMap<>();
        for (String name : tensors.keySet()) {
            String inner = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
            if (inner.endsWith("position_ids")) {
                ignored.put(name, "position numbers, counted anew");
            } else if (inner.startsWith("pooler.")) {
                ignored.put(name, "pooler without use in mean pooling");
            } else if (name.startsWith("lm_head.") || name.startsWith("cls.")) {
                ignored.put(name, "head of the pre-training task");
            } else if (name.startsWith(prefix)
                    && (inner.startsWith("embeddings.") || inner.startsWith("encoder.layer."))) {
                used.add(name);
            }
        }
        TensorInfo words = words(prefix, tensors).orElseThrow();
        TensorInfo positions = shape(tensors, prefix + POSITIONS);
        int features = Math.toIntExact(words.size(1));
        int maxTokens = Math.toIntExact(positions.size(0)) - config.firstPosition();
        String description =
                "%s encoder, width %d, %d heads, %d words, %d tokens"
                        .formatted(
                                json.path("model_type").asText(),
                                features,
                                config.heads(),
                                words.size(0),
                                maxTokens);
        return new TextTower(
                description,
                used,
                ignored,
                features,
                maxTokens,
                Pooling.MEAN,
                weights -> Head.unit(features),
                (weights, layout, pooling, skip, head) -> {
                    if (pooling == Pooling.LAST || skip != 0) {
                        throw new IllegalArgumentException(
                                "pooling %s from token %d on; BERT has the mean or the first"
                                        .formatted(pooling, skip));
                    }
                    return new BertTower(config, weights.under(prefix), layout, pooling, head);
                });
    }

    /** The word table [words, width], also where it is stored in few bits. */
    private static Optional<TensorInfo> words(String prefix, Map<String, TensorInfo> tensors) {
        if (tensors.containsKey(prefix + WORDS)) {
            return Optional.of(shape(tensors, prefix + WORDS));
        }
        for (BlockForm form : BlockForm.values()) {
            TensorInfo codes = tensors.get(prefix + WORDS + form.suffix());
            if (codes != null && codes.rank() == 3) {
                return Optional.of(
                        new TensorInfo(
                                codes.type(), codes.size(0), codes.size(1) * BlockForm.GROUP));
            }
        }
        return Optional.empty();
    }

    private static TensorInfo shape(Map<String, TensorInfo> tensors, String name) {
        TensorInfo info = tensors.get(name);
        if (info == null || info.rank() != 2) {
            throw new IllegalArgumentException(name + " is " + info + "; it must be a matrix");
        }
        return info;
    }
}
