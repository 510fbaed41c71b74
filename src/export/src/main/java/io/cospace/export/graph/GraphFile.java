package io.cospace.export.graph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Writes networks as the files of a bundle. */
public final class GraphFile {
    private GraphFile() {}

    /**
     * Writes {@code <part>.<precision>.onnx} and, if it needs tensors that the reference files
     * lack, {@code <part>.<precision>.safetensors}.
     *
     * @param folder in which the reference files of the network's weights lie
     * @return the model file
     * @throws UncheckedIOException if a file cannot be written
     */
    public static Path write(Path folder, String part, PrecisionPlan plan, Network network) {
        return write(folder, part + "." + plan.precision().id(), network, plan);
    }

    /** Writes {@code <name>.onnx} at single precision. */
    public static Path write(Path folder, String name, Network network) {
        return write(folder, name, network, PrecisionPlan.of(Precision.FP32));
    }

    private static Path write(Path folder, String name, Network network, PrecisionPlan plan) {
        GraphBuilder graph = new GraphBuilder(name);
        DerivedTensors derived = new DerivedTensors(name + ".safetensors");
        network.build(new Target(graph, derived, plan));
        derived.write(folder);
        Path file = folder.resolve(name + ".onnx");
        try {
            graph.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file;
    }
}
