package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.ImageTower;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CLIP's vision transformer in the spellings of {@link ClipNames}; LIFT's too. */
final class ClipVisionFamily implements Family {
    private static final Names NAMES = ClipNames.vision();

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        Map<String, TensorInfo> ours = NAMES.infos(tensors);
        TensorInfo patch = ours.get("patch.weight");
        TensorInfo positions = ours.get("positions");
        if (patch == null || positions == null || !ours.containsKey("class")) {
            return Optional.empty();
        }
        int width = Math.toIntExact(patch.size(0));
        int side = Math.toIntExact(patch.size(3));
        ClipSettings settings = ClipSettings.of(config, "vision", width, tensors.keySet());
        int grid = PositionTable.side(positions, 1, width);
        int size = settings.imageSize() == 0 ? grid * side : settings.imageSize();
        PositionGrid.Method resizing = resizing(tensors.keySet(), config);
        boolean lift = ours.containsKey("head.up.weight");
        VisionTransformer.Config built =
                new VisionTransformer.Config(
                        size,
                        settings.heads(),
                        settings.epsilon(),
                        settings.activation(),
                        lift
                                ? VisionTransformer.Pooling.MEAN_OF_PATCHES
                                : VisionTransformer.Pooling.CLASS_TOKEN,
                        resizing);
        return Optional.of(
                new ImageTower(
                        "%s vision transformer, width %d, %d heads, %s, %d px in patches of %d%s"
                                .formatted(
                                        lift ? "LIFT" : "CLIP",
                                        width,
                                        settings.heads(),
                                        settings.activation(),
                                        size,
                                        side,
                                        PositionTable.note(grid, size / side, resizing)),
                        NAMES.used(tensors.keySet()),
                        NAMES.ignored(tensors.keySet()),
                        size,
                        dimensions(ours, width),
                        weights -> network(built, NAMES.apply(weights), width)));
    }

    /** As the code does that the spelling comes from. */
    private static PositionGrid.Method resizing(Set<String> names, JsonNode config) {
        if (names.stream().anyMatch(name -> name.startsWith("vision_model."))) {
            return PositionGrid.Method.BORDERS;
        }
        boolean openClip = config.has("vision_cfg") || config.has("model_cfg");
        return openClip ? PositionGrid.Method.ANTIALIASED : PositionGrid.Method.CORNERS;
    }

    private static int dimensions(Map<String, TensorInfo> ours, int width) {
        TensorInfo last = ours.get("head.down.weight");
        if (last == null) {
            last = ours.get("projection.weight");
        }
        TensorInfo transposed = ours.get("projection");
        if (transposed != null) {
            return Math.toIntExact(transposed.size(1));
        }
        return last == null ? width : Math.toIntExact(last.size(0));
    }

    private static Network network(VisionTransformer.Config config, Weights weights, int width) {
        return new VisionTransformer(config, weights, head(weights, width));
    }

    private static Head head(Weights weights, int width) {
        if (weights.has("head.up.weight")) {
            return new MlpHead(weights);
        }
        return projection(weights, width);
    }

    /** A tower's projection, or none if it has none. */
    static Head projection(Weights weights, int width) {
        Set<String> names = weights.names();
        return names.contains("projection") || names.contains("projection.weight")
                ? new ProjectionHead(weights)
                : Head.unit(width);
    }
}
