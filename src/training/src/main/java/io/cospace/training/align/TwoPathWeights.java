package io.cospace.training.align;

import io.cospace.training.model.Parameters;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Both trained paths as the two weight files of a bundle, {@code adapter.safetensors} for {@code
 * PairedHead} and {@code head.safetensors} for {@code TwoPathHead} of the exporter.
 *
 * @param classPath a model over {@code FeatureHead} and an adapter
 * @param freePath the same with a map of the features
 * @param rotation orthogonal [2 D, 2 D] that both sides are turned by, if any
 */
public record TwoPathWeights(
        AlignedModel classPath, AlignedModel freePath, Optional<float[]> rotation) {

    /** Writes both adapters and the rotation. */
    public void writeAdapters(Path file) {
        try (Scope _ = Scope.open()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            classPath.text().parameters().all().forEach((k, v) -> tensors.put("class." + k, v));
            freePath.text().parameters().all().forEach((k, v) -> tensors.put("free." + k, v));
            addRotation(tensors);
            TensorFile.write(file, tensors, Map.of());
        }
    }

    /**
     * Writes the image side. Mean and deviation of the features are worked into the free path's
     * map, in fp64, so that serving reads features as the backbone gives them.
     */
    public void writeHead(Path file) {
        try (Scope _ = Scope.open();
                Torch.NoGradient _ = Torch.noGradient()) {
            Parameters free = freePath.image().parameters();
            double[] weight = free.get("residual.weight").toDoubles();
            double[] bias = free.get("residual.bias").toDoubles();
            double[] mean = free.get("mean").toDoubles();
            double[] deviation = free.get("deviation").toDoubles();
            float[] folded = new float[weight.length];
            float[] shifted = new float[bias.length];
            for (int row = 0; row < bias.length; row++) {
                double shift = bias[row];
                for (int i = 0; i < mean.length; i++) {
                    double factor = weight[row * mean.length + i] / deviation[i];
                    folded[row * mean.length + i] = (float) factor;
                    shift -= factor * mean[i];
                }
                shifted[row] = (float) shift;
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("class.targets", classPath.image().parameters().get("targets"));
            tensors.put("free.targets", free.get("targets"));
            tensors.put("free.residual.weight", Tensors.of(folded, bias.length, mean.length));
            tensors.put("free.residual.bias", Tensors.of(shifted, bias.length));
            addRotation(tensors);
            TensorFile.write(file, tensors, Map.of());
        }
    }

    private void addRotation(Map<String, Tensor> tensors) {
        rotation.ifPresent(matrix -> {
            long side = Math.round(Math.sqrt(matrix.length));
            tensors.put("rotation", Tensors.of(matrix, side, side));
        });
    }
}
