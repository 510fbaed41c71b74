package io.cospace.export.foreign;

import com.google.protobuf.ByteString;
import io.cospace.export.ExportException;
import io.cospace.export.foreign.ForeignGraph.Port;
import io.cospace.export.onnx.AttributeProto;
import io.cospace.export.onnx.GraphProto;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.NodeProto;
import io.cospace.export.onnx.OperatorSetIdProto;
import io.cospace.export.onnx.TensorProto;
import io.cospace.export.onnx.TensorProto.DataType;
import io.cospace.export.onnx.TensorShapeProto;
import io.cospace.export.onnx.TypeProto;
import io.cospace.export.onnx.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts a bundle's inputs before a foreign graph and its outputs behind it: casts, padding to a
 * fixed length, L2 norm. The nodes in between stay as they are. Not thread-safe.
 */
final class TowerRewriter {
    private static final int PAD_WITH_INPUTS = 11;
    private static final String PREFIX = "cospace.";
    private static final Set<String> BUNDLE_NAMES =
            Set.of("pixels", "input_ids", "attention_mask", "lengths", "pooled", "embedding");

    private final Path file;
    private final ModelProto model;
    private final GraphProto.Builder graph;
    private final List<NodeProto> before = new ArrayList<>();

    TowerRewriter(Path file, ModelProto model) {
        this.file = file;
        this.model = model;
        // Shapes that an exporter wrote down may hold its example's batch of one.
        this.graph = model.getGraph().toBuilder().clearValueInfo();
    }

    /** Gives values inside the graph other names than the bundle's inputs and outputs have. */
    private void freeNames(Set<String> kept) {
        Set<String> made = new HashSet<>();
        graph.getNodeList().forEach(node -> made.addAll(node.getOutputList()));
        graph.getInitializerList().forEach(tensor -> made.add(tensor.getName()));
        for (String name : BUNDLE_NAMES) {
            if (made.contains(name) && !kept.contains(name)) {
                ValueNames.rename(graph, name, PREFIX + "inner." + name);
            }
        }
    }

    void image(Port pixels, int side, Port output) {
        freeNames(Set.of(output.name()));
        removeInput(pixels.name());
        addInput("pixels", DataType.FLOAT, "n", 3, side, side);
        connect("pixels", "pixels", pixels);
        embedding(output);
    }

    void text(TextPorts ports, int length, int padding, Port output) {
        freeNames(Set.of(output.name()));
        int fixed = length > 0 ? length : -1;
        removeInput(ports.ids().name());
        addInput("input_ids", DataType.INT64, "n", "s");
        String ids = padded("input_ids", fixed, padding);
        if (ports.mask().isPresent()) {
            removeInput(ports.mask().get().name());
            addInput("attention_mask", DataType.INT64, "n", "s");
            String mask = padded("attention_mask", fixed, 0);
            connect("attention_mask", mask, ports.mask().get());
            before(cast(mask, PREFIX + "valid", DataType.BOOL_VALUE));
        } else if (padding != 0) {
            addInput("lengths", DataType.INT64, "n");
            compareWithLengths(ids);
        }
        if (padding != 0) {
            // Batches come padded with zeros, whatever the model's own padding is.
            String filler = constant("filler." + padding, padding);
            before(node("Where", PREFIX + "valid", ids, filler, PREFIX + "filled"));
            ids = PREFIX + "filled";
        }
        if (ports.types().isPresent()) {
            removeInput(ports.types().get().name());
            before(node("Mul", ids, constant("zero", 0), PREFIX + "types"));
            connect("", PREFIX + "types", ports.types().get());
        }
        connect("input_ids", ids, ports.ids());
        String pooled = embedding(output);
        graph.addNode(node("Identity", pooled, "pooled"));
        graph.addOutput(
                info("pooled", DataType.FLOAT, "n", Math.toIntExact(output.dims().getLast())));
    }

    /** {@code valid} [n, columns of ids]: whether a place is within its text. */
    private void compareWithLengths(String ids) {
        String places = PREFIX + "places";
        before(node("Shape", ids, PREFIX + "places.shape"));
        before(
                node(
                        "Gather",
                        PREFIX + "places.shape",
                        constant("first", 1),
                        PREFIX + "places.end"));
        before(
                node(
                        "Range",
                        constant("start", 0),
                        PREFIX + "places.end",
                        constant("step", 1),
                        places));
        before(node("Reshape", "lengths", vector("column", -1, 1), PREFIX + "lengths.column"));
        before(node("Less", places, PREFIX + "lengths.column", PREFIX + "valid"));
    }

    /** Writes weights and model. */
    void write(Path folder, String name, String weights) {
        ForeignWeights.move(file, graph, folder.resolve(weights));
        GraphProto.Builder whole = graph.clone().clearNode();
        before.forEach(whole::addNode);
        graph.getNodeList().forEach(whole::addNode);
        ModelProto changed =
                model.toBuilder().setGraph(whole).clearMetadataProps().clearDocString().build();
        Path target = folder.resolve(name + ".onnx");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
            changed.writeTo(out);
        } catch (IOException e) {
            throw new ExportException("cannot write " + target + ": " + e.getMessage(), e);
        }
    }

    private void removeInput(String name) {
        for (int i = 0; i < graph.getInputCount(); i++) {
            if (graph.getInput(i).getName().equals(name)) {
                graph.removeInput(i);
                return;
            }
        }
    }

    private void addInput(String name, DataType type, Object... dims) {
        graph.addInput(info(name, type, dims));
    }

    /**
     * Leads a value into an input that the graph had.
     *
     * @param taken name of the bundle's input, which the graph's own may have as well
     * @param from what goes in
     */
    private void connect(String taken, String from, Port port) {
        if (from.equals(port.name()) && isPlain(port)) {
            return;
        }
        String inner = port.name();
        if (inner.equals(taken)) {
            inner = PREFIX + "inner." + inner;
            ValueNames.rename(graph, port.name(), inner);
        }
        before(isPlain(port) ? node("Identity", from, inner) : cast(from, inner, port.type()));
    }

    private static boolean isPlain(Port port) {
        return port.type() == DataType.FLOAT_VALUE || port.type() == DataType.INT64_VALUE;
    }

    /** {@code name} [n, s] with columns added up to {@code length}; unchanged if that is -1. */
    private String padded(String name, int length, int value) {
        if (length < 0) {
            return name;
        }
        long opset =
                model.getOpsetImportList().stream()
                        .filter(set ->
                                set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
                        .mapToLong(OperatorSetIdProto::getVersion)
                        .max()
                        .orElse(0);
        if (opset < PAD_WITH_INPUTS) {
            throw new ExportException(
                    "%s has operator set %d; texts of fixed length need %d"
                            .formatted(file, opset, PAD_WITH_INPUTS));
        }
        String own = PREFIX + name;
        before(node("Shape", name, own + ".shape"));
        before(node("Gather", own + ".shape", vector("one", 1), own + ".columns"));
        before(node("Sub", vector("length." + length, length), own + ".columns", own + ".missing"));
        before(
                node("Concat", vector("zeros", 0, 0, 0), own + ".missing", own + ".pads")
                        .toBuilder()
                        .addAttribute(attribute("axis", 0))
                        .build());
        before(node("Pad", name, own + ".pads", constant("pad." + value, value), own + ".padded"));
        return own + ".padded";
    }

    /** The tower's vector in fp32, and {@code embedding} made of it; no other output stays. */
    private String embedding(Port output) {
        String raw = output.name();
        if (output.type() != DataType.FLOAT_VALUE) {
            raw = PREFIX + "vector";
            graph.addNode(cast(output.name(), raw, DataType.FLOAT_VALUE));
        } else if (raw.equals("embedding") || raw.equals("pooled")) {
            raw = PREFIX + "vector";
            ValueNames.rename(graph, output.name(), raw);
        }
        graph.clearOutput();
        graph.addNode(
                node("LpNormalization", raw, "embedding").toBuilder()
                        .addAttribute(attribute("axis", -1))
                        .addAttribute(attribute("p", 2))
                        .build());
        graph.addOutput(
                info("embedding", DataType.FLOAT, "n", Math.toIntExact(output.dims().getLast())));
        return raw;
    }

    private void before(NodeProto node) {
        before.add(node);
    }

    /** A node of the standard set; the last name is its output. */
    private static NodeProto node(String type, String... names) {
        NodeProto.Builder node =
                NodeProto.newBuilder()
                        .setOpType(type)
                        .setName(PREFIX + type + "." + names[names.length - 1]);
        for (int i = 0; i < names.length - 1; i++) {
            node.addInput(names[i]);
        }
        return node.addOutput(names[names.length - 1]).build();
    }

    private static NodeProto cast(String from, String to, int type) {
        return node("Cast", from, to).toBuilder().addAttribute(attribute("to", type)).build();
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private String constant(String name, long value) {
        return initializer(name, new long[] {value});
    }

    private String vector(String name, long... values) {
        return initializer(name + ".list", values, values.length);
    }

    private String initializer(String name, long[] values, long... dims) {
        String own = PREFIX + name;
        boolean known = graph.getInitializerList().stream().anyMatch(t -> t.getName().equals(own));
        if (!known) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asLongBuffer().put(values);
            TensorProto.Builder tensor =
                    TensorProto.newBuilder()
                            .setName(own)
                            .setDataType(DataType.INT64_VALUE)
                            .setRawData(ByteString.copyFrom(bytes));
            for (long dim : dims) {
                tensor.addDims(dim);
            }
            graph.addInitializer(tensor);
        }
        return own;
    }

    private static ValueInfoProto info(String name, DataType type, Object... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dim : dims) {
            TensorShapeProto.Dimension.Builder size = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dim instanceof Integer number
                            ? size.setDimValue(number)
                            : size.setDimParam(dim.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type.getNumber())
                                                .setShape(shape)))
                .build();
    }
}
