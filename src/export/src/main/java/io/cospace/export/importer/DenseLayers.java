package io.cospace.export.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.export.graph.DenseHead;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The dense layers of a sentence-transformers folder ({@code N_Dense/config.json} with {@code
 * linear.weight} and perhaps {@code linear.bias}): y = activation(W x + b), one after the other.
 */
final class DenseLayers implements AutoCloseable {
    private static final Set<String> TENSORS = Set.of("linear.weight", "linear.bias");

    private final List<TensorSource> sources = new ArrayList<>();

    private DenseLayers() {}

    static DenseLayers open(List<Path> folders) {
        DenseLayers layers = new DenseLayers();
        try {
            for (Path folder : folders) {
                TensorSource source = Checkpoint.open(folder);
                layers.sources.add(source);
                if (!TENSORS.containsAll(source.names())) {
                    throw new ImportException(
                            folder, "holds " + source.names() + "; known are " + TENSORS);
                }
            }
            return layers;
        } catch (RuntimeException e) {
            layers.close();
            throw e;
        }
    }

    /** Adds the tensors as {@code dense.N.weight} and {@code dense.N.bias}. */
    void addTo(SafetensorsWriter writer) {
        for (int i = 0; i < sources.size(); i++) {
            for (String name : sources.get(i).names()) {
                String suffix = name.substring("linear.".length());
                writer.add("dense." + i + "." + suffix, name, sources.get(i));
            }
        }
    }

    /** The layers over the weights that {@link #addTo} wrote. */
    static Head head(List<Path> folders, Weights weights) {
        List<Boolean> tanh = new ArrayList<>();
        for (Path folder : folders) {
            JsonNode config = JsonFile.read(folder.resolve("config.json"));
            String activation =
                    config.path("activation_function").asText("torch.nn.modules.activation.Tanh");
            String kind = activation.substring(activation.lastIndexOf('.') + 1);
            switch (kind.toLowerCase(Locale.ROOT)) {
                case "tanh" -> tanh.add(true);
                case "identity" -> tanh.add(false);
                default ->
                        throw new ImportException(
                                folder.resolve("config.json"),
                                "activation_function is %s; known are Tanh and Identity"
                                        .formatted(activation));
            }
        }
        return new DenseHead(weights, tanh);
    }

    @Override
    public void close() {
        sources.forEach(TensorSource::close);
    }
}
