package io.cospace.export.importer;

import com.google.protobuf.ByteString;
import io.cospace.export.onnx.AttributeProto;
import io.cospace.export.onnx.GraphProto;
import io.cospace.export.onnx.ModelProto;
import io.cospace.export.onnx.NodeProto;
import io.cospace.export.onnx.OperatorSetIdProto;
import io.cospace.export.onnx.StringStringEntryProto;
import io.cospace.export.onnx.TensorProto;
import io.cospace.export.onnx.TensorProto.DataLocation;
import io.cospace.export.onnx.TensorProto.DataType;
import io.cospace.export.onnx.TensorShapeProto;
import io.cospace.export.onnx.TypeProto;
import io.cospace.export.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Small towers under the names that other exporters give, as plain ONNX. */
final class ForeignFixture {
    static final int SIDE = 8;
    static final int WORDS = 96;
    static final int DIMENSIONS = 16;
    static final int LENGTH = 12;

    final float[] projection = random(3 * SIDE * SIDE * DIMENSIONS, 1);
    final float[] table = random(WORDS * DIMENSIONS, 2);
    final float[] positions = random(LENGTH * DIMENSIONS, 3);

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** {@code pixel_values} to {@code image_embeds}: all pixels times a matrix. */
    GraphProto.Builder image() {
        return GraphProto.newBuilder()
                .setName("vision")
                .addInput(info("pixel_values", DataType.FLOAT, 1, 3, SIDE, SIDE))
                .addInitializer(floats("w", projection, 3L * SIDE * SIDE, DIMENSIONS))
                .addNode(node("Flatten", "pixel_values", "flat"))
                .addNode(node("MatMul", "flat", "w", "image_embeds"))
                .addOutput(info("image_embeds", DataType.FLOAT, 1, DIMENSIONS));
    }

    /** {@code input_ids} and {@code attention_mask} to {@code text_embeds}: sum of the words. */
    GraphProto.Builder text() {
        return GraphProto.newBuilder()
                .setName("text")
                .addInput(info("input_ids", DataType.INT64, "batch", "length"))
                .addInput(info("attention_mask", DataType.INT64, "batch", "length"))
                .addInitializer(floats("table", table, WORDS, DIMENSIONS))
                .addInitializer(longs("last", -1))
                .addInitializer(longs("middle", 1))
                .addNode(node("Gather", "table", "input_ids", "words"))
                .addNode(cast("attention_mask", "mask", DataType.FLOAT))
                .addNode(node("Unsqueeze", "mask", "last", "column"))
                .addNode(node("Mul", "words", "column", "masked"))
                .addNode(sum("masked", "middle", "text_embeds"))
                .addOutput(info("text_embeds", DataType.FLOAT, "batch", DIMENSIONS))
                .addOutput(info("masked", DataType.FLOAT, "batch", "length", DIMENSIONS));
    }

    /**
     * {@code text} int32 of a fixed length, as photo libraries have it, with a value inside that
     * has the name of a bundle's output.
     */
    GraphProto.Builder fixedText() {
        return GraphProto.newBuilder()
                .setName("text")
                .addInput(info("text", DataType.INT32, 1, LENGTH))
                .addInitializer(floats("table", table, WORDS, DIMENSIONS))
                .addInitializer(floats("positions", positions, LENGTH, DIMENSIONS))
                .addInitializer(longs("middle", 1))
                .addNode(node("Gather", "table", "text", "pooled"))
                .addNode(node("Mul", "pooled", "positions", "placed"))
                .addNode(sum("placed", "middle", "embedding"))
                .addOutput(info("embedding", DataType.FLOAT, 1, DIMENSIONS));
    }

    /** Moves a graph's floats to a file beside the model, as large exports have them. */
    static GraphProto.Builder external(GraphProto.Builder graph, Path data, String location)
            throws IOException {
        long at = 0;
        try (var out = Files.newOutputStream(data)) {
            for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
                if (tensor.getDataType() == DataType.FLOAT_VALUE) {
                    ByteString bytes = tensor.getRawData();
                    bytes.writeTo(out);
                    tensor.clearRawData()
                            .setDataLocation(DataLocation.EXTERNAL)
                            .addExternalData(entry("location", location))
                            .addExternalData(entry("offset", Long.toString(at)))
                            .addExternalData(entry("length", Integer.toString(bytes.size())));
                    at += bytes.size();
                }
            }
        }
        return graph;
    }

    static void write(Path file, GraphProto.Builder graph) throws IOException {
        ModelProto model =
                ModelProto.newBuilder()
                        .setIrVersion(8)
                        .setDocString("made on /home/somebody")
                        .addOpsetImport(
                                OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                        .setGraph(graph)
                        .build();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, model.toByteArray());
    }

    private static NodeProto sum(String from, String axes, String to) {
        return node("ReduceSum", from, axes, to).toBuilder()
                .addAttribute(integer("keepdims", 0))
                .build();
    }

    private static NodeProto cast(String from, String to, DataType type) {
        return node("Cast", from, to).toBuilder()
                .addAttribute(integer("to", type.getNumber()))
                .build();
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static NodeProto node(String type, String... names) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(type + names[names.length - 1])
                .addAllInput(List.of(names).subList(0, names.length - 1))
                .addOutput(names[names.length - 1])
                .build();
    }

    private static TensorProto floats(String name, float[] values, long... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(DataType.FLOAT_VALUE)
                        .setRawData(ByteString.copyFrom(bytes));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor.build();
    }

    private static TensorProto longs(String name, long value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(value)
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
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
        TypeProto.Tensor tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape).build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
