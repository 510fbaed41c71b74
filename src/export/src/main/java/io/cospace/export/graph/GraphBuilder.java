package io.cospace.export.graph;

import com.google.protobuf.ByteString;
import io.cospace.export.onnx.GraphProto;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.NodeProto;
import io.cospace.export.onnx.OperatorSetIdProto;
import io.cospace.export.onnx.StringStringEntryProto;
import io.cospace.export.onnx.TensorProto;
import io.cospace.export.onnx.TensorProto.DataLocation;
import io.cospace.export.onnx.TensorProto.DataType;
import io.cospace.export.onnx.TypeProto;
import io.cospace.export.onnx.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Builds one ONNX model, node by node, in the order in which the values are computed.
 *
 * <p>Weights stay in the files they lie in ({@link #external}); only small constants are written
 * into the model itself. The same calls give the same bytes. Not thread-safe.
 */
public final class GraphBuilder {
    /** Newest operator set of the served ONNX Runtime that has Attention with key lengths. */
    static final int OPSET = 24;

    static final int IR_VERSION = 10;
    static final String CONTRIB = "com.microsoft";

    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, Supplier<TensorProto>> initializers = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private int nodes;

    public GraphBuilder(String name) {
        graph.setName(name);
    }

    /** A graph input. Its name is the one that the caller of the model uses. */
    public Value input(String name, DataType type, Shape shape) {
        graph.addInput(info(name, type, shape));
        return new Value(name);
    }

    /** Makes a value an output of the graph under the given name. */
    public void output(String name, Value value, DataType type, Shape shape) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setOpType("Identity")
                        .setName("output." + name)
                        .addInput(value.name())
                        .addOutput(name));
        graph.addOutput(info(name, type, shape));
    }

    /** Starts a node of the standard operator set. */
    public Operator node(String type) {
        return new Operator(this, type, "");
    }

    /** Starts a node of ONNX Runtime's own operator set. */
    public Operator contrib(String type) {
        return new Operator(this, type, CONTRIB);
    }

    /** A text that travels with the model and is not computed on. */
    public void metadata(String key, String value) {
        metadata.put(key, value);
    }

    /**
     * A tensor whose bytes lie in a file beside the model.
     *
     * @param name unique in this graph; a second call with a known name returns the first tensor
     * @param location file name relative to the model's folder
     * @param offset of the first byte in the file
     * @param bytes length in the file
     */
    public Value external(
            String name, DataType type, String location, long offset, long bytes, long... dims) {
        return initializer(name, () -> externalTensor(name, type, location, offset, bytes, dims));
    }

    /** A tensor that is made when the model is, for places in files that are not known earlier. */
    Value initializer(String name, Supplier<TensorProto> tensor) {
        initializers.putIfAbsent(name, tensor);
        return new Value(name);
    }

    static TensorProto externalTensor(
            String name, DataType type, String location, long offset, long bytes, long... dims) {
        return tensor(name, type, dims)
                .setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(bytes)))
                .build();
    }

    /** A small fp32 tensor inside the model. */
    Value floats(String name, float[] values, long... dims) {
        ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return inline(name, DataType.FLOAT, bytes, dims);
    }

    /** A fp32 number. */
    Value number(float value) {
        return floats("f." + value, new float[] {value});
    }

    /** A list of integers, int64 of rank 1: axes, shapes, indices. */
    Value integers(long... values) {
        String name = "i." + Arrays.toString(values).replaceAll("[\\[\\] ]", "");
        return inline(name, DataType.INT64, bytes(values), values.length);
    }

    /** A single integer, int64 of rank 0. */
    Value integer(long value) {
        return inline("s." + value, DataType.INT64, bytes(new long[] {value}));
    }

    /** A small tensor inside the model from its little-endian bytes. */
    Value inline(String name, DataType type, ByteBuffer bytes, long... dims) {
        ByteString data = ByteString.copyFrom(bytes.duplicate());
        return initializer(name, () -> tensor(name, type, dims).setRawData(data).build());
    }

    /**
     * The finished model.
     *
     * @throws IllegalStateException if a derived tensor has no place in a file yet
     */
    public ModelProto model() {
        ModelProto.Builder model =
                ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("cospace");
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET));
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CONTRIB).setVersion(1));
        metadata.forEach((key, value) -> model.addMetadataProps(entry(key, value)));
        GraphProto.Builder whole = graph.clone();
        initializers.values().forEach(tensor -> whole.addInitializer(tensor.get()));
        return model.setGraph(whole).build();
    }

    /** Writes the model; files that its tensors point into must lie in the same folder. */
    public void write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            model().writeTo(out);
        }
    }

    String nextNodeName(String type) {
        return type + "_" + nodes++;
    }

    void add(NodeProto node) {
        graph.addNode(node);
    }

    private static TensorProto.Builder tensor(String name, DataType type, long... dims) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor;
    }

    private static ValueInfoProto info(String name, DataType type, Shape shape) {
        TypeProto.Tensor tensor =
                TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(shape.proto())
                        .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    private static ByteBuffer bytes(long[] values) {
        ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return bytes;
    }

    static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
