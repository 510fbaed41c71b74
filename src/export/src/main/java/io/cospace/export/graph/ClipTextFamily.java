package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.util.Map;
import java.util.Optional;

/** CLIP's text transformer in the spellings of {@link ClipNames}. */
final class ClipTextFamily implements Family {
    private static final Names NAMES = ClipNames.text();

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        Map<String, TensorInfo> ours = NAMES.infos(tensors);
        TensorInfo words = ours.get("words");
        TensorInfo positions = ours.get("positions");
        if (words == null || positions == null || SiglipTextFamily.owns(tensors)) {
            return Optional.empty();
        }
        int width = Math.toIntExact(words.size(1));
        int maxTokens = Math.toIntExact(positions.size(0));
        ClipSettings settings = ClipSettings.of(config, "text", width, tensors.keySet());
        ClipTextTower.Config built =
                new ClipTextTower.Config(
                        settings.heads(), settings.epsilon(), settings.activation());
        return Optional.of(
                new TextTower(
                        "CLIP text transformer, width %d, %d heads, %s, %d words, %d tokens"
                                .formatted(
                                        width,
                                        settings.heads(),
                                        settings.activation(),
                                        words.size(0),
                                        maxTokens),
                        NAMES.used(tensors.keySet()),
                        NAMES.ignored(tensors.keySet()),
                        width,
                        maxTokens,
                        Pooling.LAST,
                        weights -> ClipVisionFamily.projection(NAMES.apply(weights), width),
                        (weights, layout, pooling, skip, head) -> {
                            if (pooling != Pooling.LAST || skip != 0) {
                                throw new IllegalArgumentException(
                                        "pooling %s from token %d on; CLIP reads the end of text"
                                                .formatted(pooling, skip));
                            }
                            return new ClipTextTower(built, NAMES.apply(weights), layout, head);
                        }));
    }
}
