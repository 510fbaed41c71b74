package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Adapter;
import java.util.Map;
import java.util.Optional;

/**
 * The adapter of LLM2CLIP and ProCLIP as their training code names it ({@code text.text_adaptor.})
 * and as Microsoft's Hugging Face files do ({@code text_adapter.adaptor.}). A block's number and
 * the numbers of the two layers behind the blocks count on, so the latter follow from the number of
 * blocks.
 */
final class TextProjFamily implements Family {
    private static final String PREFIX = "text(?:\\.text_adaptor|_adapter\\.adaptor)\\.";

    /**
     * An adapter over its tensors.
     *
     * @param normaliseInput whether rows are brought to unit length first
     * @throws IllegalArgumentException if there is none among them
     */
    static Head head(Weights weights, boolean normaliseInput) {
        int blocks = 0;
        while (weights.has("text.text_adaptor." + blocks + ".fn.0.weight")) {
            blocks++;
        }
        return new TextProjHead(names(blocks).apply(weights), normaliseInput);
    }

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        int blocks = 0;
        while (has(tensors, blocks + ".fn.0.weight")) {
            blocks++;
        }
        if (blocks == 0) {
            return Optional.empty();
        }
        Names names = names(blocks);
        Map<String, TensorInfo> ours = names.infos(tensors);
        TensorInfo up = ours.get("blocks.0.up.weight");
        TensorInfo projection = ours.get("projection.weight");
        if (up == null || projection == null) {
            throw new IllegalArgumentException(
                    "an adapter of %d blocks without a projection behind them".formatted(blocks));
        }
        int features = Math.toIntExact(projection.size(1));
        int dimensions = Math.toIntExact(projection.size(0));
        return Optional.of(
                new Adapter(
                        "TextProj adapter, %d blocks of expansion %d, %d to %d"
                                .formatted(blocks, up.size(0) / up.size(1), features, dimensions),
                        names.used(tensors.keySet()),
                        names.ignored(tensors.keySet()),
                        features,
                        dimensions,
                        (weights, normaliseInput) ->
                                new TextProjHead(names.apply(weights), normaliseInput)));
    }

    private static boolean has(Map<String, TensorInfo> tensors, String name) {
        return tensors.containsKey("text.text_adaptor." + name)
                || tensors.containsKey("text_adapter.adaptor." + name);
    }

    private static Names names(int blocks) {
        return Names.none()
                .rename(PREFIX + "(\\d+)\\.ln\\.(weight|bias)", "blocks.$1.norm.$2")
                .rename(PREFIX + "(\\d+)\\.fn\\.0\\.(weight|bias)", "blocks.$1.up.$2")
                .rename(PREFIX + "(\\d+)\\.fn\\.3\\.(weight|bias)", "blocks.$1.down.$2")
                .rename(PREFIX + blocks + "\\.(weight|bias)", "post.$1")
                .rename(PREFIX + (blocks + 1) + "\\.(weight|bias)", "projection.$1");
    }
}
