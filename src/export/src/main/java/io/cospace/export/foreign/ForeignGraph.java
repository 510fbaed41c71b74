package io.cospace.export.foreign;

import io.cospace.export.ExportException;
import io.cospace.export.onnx.GraphProto;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.TensorProto.DataType;
import io.cospace.export.onnx.TypeProto;
import io.cospace.export.onnx.ValueInfoProto;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One ONNX file of another exporter: an image or a text tower whose inputs and outputs have that
 * exporter's names. Immutable.
 */
public final class ForeignGraph {
    /** What the vector is called, the projected one first (Hugging Face optimum; Immich; timm). */
    private static final List<String> IMAGE_OUTPUTS =
            List.of("image_embeds", "image_embedding", "embedding", "pooler_output", "output");

    private static final List<String> TEXT_OUTPUTS =
            List.of(
                    "text_embeds",
                    "text_embedding",
                    "sentence_embedding",
                    "embedding",
                    "pooler_output",
                    "output");

    private static final int IMAGE_RANK = 4;

    private final Path file;
    private final ModelProto model;

    private ForeignGraph(Path file, ModelProto model) {
        this.file = file;
        this.model = model;
    }

    /**
     * An input or output.
     *
     * @param type element type by ONNX's number
     * @param dims sizes; -1 where it is open
     */
    record Port(String name, int type, List<Long> dims) {}

    /**
     * Reads a model; its external data stay where they are.
     *
     * @throws ExportException if it is no ONNX model
     */
    public static ForeignGraph read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            ModelProto model = ModelProto.parseFrom(in);
            if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
                throw new ExportException(file + " holds no ONNX graph");
            }
            return new ForeignGraph(file, model);
        } catch (IOException e) {
            throw new ExportException(file + " is no ONNX model: " + e.getMessage(), e);
        }
    }

    /** Side of the square that an image tower reads; -1 if the graph leaves it open. */
    public int imageSide() {
        Port pixels = pixels();
        long height = pixels.dims().get(2);
        if (height != pixels.dims().get(3)) {
            throw new ExportException(
                    "%s reads images of %s; only squares are known".formatted(file, pixels.dims()));
        }
        return Math.toIntExact(height);
    }

    /** Length of an image tower's vectors. */
    public int imageDimensions() {
        return dimensions(output(IMAGE_OUTPUTS));
    }

    /** Length of a text tower's vectors. */
    public int textDimensions() {
        return dimensions(output(TEXT_OUTPUTS));
    }

    /** Number of tokens that a text tower must be given; -1 if any number will do. */
    public int textLength() {
        return Math.toIntExact(TextPorts.of(file, inputs()).ids().dims().get(1));
    }

    /**
     * Writes the tower {@code name.onnx}: {@code pixels} [n, 3, side, side] to {@code embedding}.
     *
     * @param weights name of the safetensors file that the weights go to
     */
    public void writeImage(Path folder, String name, String weights, int side) {
        TowerRewriter rewriter = rewriter();
        rewriter.image(pixels(), side, output(IMAGE_OUTPUTS));
        rewriter.write(folder, name, weights);
    }

    /**
     * Writes the tower {@code name.onnx}: {@code input_ids} [n, s], right-padded, and perhaps
     * {@code attention_mask}, to {@code pooled} and {@code embedding}.
     *
     * @param length to which ids are padded inside the graph; -1 for not at all
     * @param padding id that they are padded with
     */
    public void writeText(Path folder, String name, String weights, int length, int padding) {
        TowerRewriter rewriter = rewriter();
        rewriter.text(TextPorts.of(file, inputs()), length, padding, output(TEXT_OUTPUTS));
        rewriter.write(folder, name, weights);
    }

    private TowerRewriter rewriter() {
        return new TowerRewriter(file, model);
    }

    private Port pixels() {
        List<Port> inputs = inputs();
        if (inputs.size() != 1
                || inputs.getFirst().dims().size() != IMAGE_RANK
                || !isFloating(inputs.getFirst().type())) {
            throw new ExportException(
                    "%s reads %s; an image tower reads one tensor [n, 3, h, w] of floats"
                            .formatted(file, inputs));
        }
        return inputs.getFirst();
    }

    private static boolean isFloating(int type) {
        return type == DataType.FLOAT_VALUE || type == DataType.FLOAT16_VALUE;
    }

    /** Inputs that are no initializers: older exporters list both. */
    private List<Port> inputs() {
        GraphProto graph = model.getGraph();
        Set<String> weights = new HashSet<>();
        graph.getInitializerList().forEach(tensor -> weights.add(tensor.getName()));
        return graph.getInputList().stream()
                .filter(input -> !weights.contains(input.getName()))
                .map(ForeignGraph::port)
                .toList();
    }

    private Port output(List<String> names) {
        List<Port> outputs =
                model.getGraph().getOutputList().stream().map(ForeignGraph::port).toList();
        for (String name : names) {
            for (Port output : outputs) {
                if (output.name().equals(name)) {
                    return output;
                }
            }
        }
        if (outputs.size() == 1 && outputs.getFirst().dims().size() == 2) {
            return outputs.getFirst();
        }
        throw new ExportException(
                "%s gives %s; the vector should be one of %s"
                        .formatted(file, outputs.stream().map(Port::name).toList(), names));
    }

    private int dimensions(Port output) {
        long size = output.dims().isEmpty() ? -1 : output.dims().getLast();
        if (output.dims().size() != 2 || size < 1 || !isFloating(output.type())) {
            throw new ExportException(
                    "%s gives %s %s; it must be floats [n, D] with D said"
                            .formatted(file, output.name(), output.dims()));
        }
        return Math.toIntExact(size);
    }

    private static Port port(ValueInfoProto info) {
        TypeProto.Tensor tensor = info.getType().getTensorType();
        List<Long> dims =
                tensor.getShape().getDimList().stream()
                        .map(dim -> dim.hasDimValue() ? dim.getDimValue() : -1L)
                        .toList();
        return new Port(info.getName(), tensor.getElemType(), dims);
    }
}
