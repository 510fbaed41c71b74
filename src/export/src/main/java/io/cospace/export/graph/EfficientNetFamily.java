package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.ImageTower;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An EfficientNet-Lite of TensorFlow's weights (borders SAME, epsilon 1e-3) with the head that
 * {@code cospace train} trained on it, see {@link FeatureMapHead}. A bare classifier is none: it
 * leads to no shared space.
 */
final class EfficientNetFamily implements Family {
    private static final int SIZE = 224;
    private static final float EPSILON = 1e-3f;
    private static final String COUNTER = ".num_batches_tracked";
    private static final Set<String> HEAD =
            Set.of(
                    "mean",
                    "deviation",
                    "targets",
                    "residual.weight",
                    "residual.bias",
                    "projection.weight",
                    "projection.bias",
                    "classifier.weight",
                    "classifier.bias");

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        boolean tabled = tensors.containsKey("targets");
        TensorInfo map = tensors.get(tabled ? "residual.weight" : "projection.weight");
        if (!tensors.containsKey("conv_stem.weight")
                || !tensors.containsKey("conv_head.weight")
                || !tensors.containsKey("mean")
                || map == null) {
            return Optional.empty();
        }
        Set<String> used = new LinkedHashSet<>();
        Map<String, String> ignored = new LinkedHashMap<>();
        for (String name : tensors.keySet()) {
            boolean backbone =
                    name.startsWith("conv_") || name.startsWith("bn") || name.startsWith("blocks.");
            if (backbone && name.endsWith(COUNTER)) {
                ignored.put(name, "counter of training batches");
            } else if (backbone || HEAD.contains(name)) {
                used.add(name);
            }
        }
        int dimensions = Math.toIntExact(map.size(0));
        return Optional.of(
                new ImageTower(
                        "EfficientNet-Lite, %d features, %s, %d px"
                                .formatted(
                                        map.size(1),
                                        tabled ? "class table and linear map" : "linear map",
                                        SIZE),
                        used,
                        ignored,
                        SIZE,
                        dimensions,
                        weights ->
                                EfficientNetLite.withGrid(
                                        new EfficientNetLite.Config(
                                                SIZE, EfficientNetLite.Padding.SAME, EPSILON),
                                        weights,
                                        new FeatureMapHead(weights))));
    }
}
