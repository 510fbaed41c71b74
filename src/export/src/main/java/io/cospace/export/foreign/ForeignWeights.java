package io.cospace.export.foreign;

import io.cospace.export.ExportException;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.SafetensorsWriter.Extent;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.onnx.GraphProto;
import io.cospace.export.onnx.StringStringEntryProto;
import io.cospace.export.onnx.TensorProto;
import io.cospace.export.onnx.TensorProto.DataLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Moves the initializers of a graph from the model, or from the files beside it, into one
 * safetensors file, and leaves references. Small ones stay, since ONNX Runtime reads shapes and
 * axes out of them before it maps any file.
 */
final class ForeignWeights {
    private static final int SMALL_BYTES = 1024;

    /** ONNX's element types that safetensors have too (onnx.proto, TensorProto.DataType). */
    private static final Map<Integer, DataType> TYPES =
            Map.ofEntries(
                    Map.entry(TensorProto.DataType.FLOAT_VALUE, DataType.F32),
                    Map.entry(TensorProto.DataType.UINT8_VALUE, DataType.U8),
                    Map.entry(TensorProto.DataType.INT8_VALUE, DataType.I8),
                    Map.entry(TensorProto.DataType.UINT16_VALUE, DataType.U16),
                    Map.entry(TensorProto.DataType.INT16_VALUE, DataType.I16),
                    Map.entry(TensorProto.DataType.INT32_VALUE, DataType.I32),
                    Map.entry(TensorProto.DataType.INT64_VALUE, DataType.I64),
                    Map.entry(TensorProto.DataType.BOOL_VALUE, DataType.BOOL),
                    Map.entry(TensorProto.DataType.FLOAT16_VALUE, DataType.F16),
                    Map.entry(TensorProto.DataType.DOUBLE_VALUE, DataType.F64),
                    Map.entry(TensorProto.DataType.BFLOAT16_VALUE, DataType.BF16));

    private final Path model;
    private final SafetensorsWriter writer = new SafetensorsWriter();
    private final Map<String, TensorInfo> moved = new HashMap<>();

    private ForeignWeights(Path model) {
        this.model = model;
    }

    /**
     * Writes the weights of a graph to a file and puts references to it in their place.
     *
     * @param model file that the graph was read from: its folder holds external data
     * @param graph is changed
     * @param target safetensors file beside which the changed model will lie
     */
    static void move(Path model, GraphProto.Builder graph, Path target) {
        ForeignWeights weights = new ForeignWeights(model);
        for (TensorProto tensor : graph.getInitializerList()) {
            weights.add(tensor);
        }
        if (weights.moved.isEmpty()) {
            throw new ExportException(model + " holds no weights");
        }
        Map<String, Extent> extents = weights.writer.write(target);
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            TensorProto tensor = graph.getInitializer(i);
            Extent extent = extents.get(tensor.getName());
            if (extent != null) {
                String file = String.valueOf(target.getFileName());
                graph.setInitializer(i, reference(tensor, file, extent));
            }
        }
    }

    private void add(TensorProto tensor) {
        DataType type = TYPES.get(tensor.getDataType());
        boolean external = tensor.getDataLocation() == DataLocation.EXTERNAL;
        if (type == null) {
            if (external) {
                throw new ExportException(
                        "%s: tensor %s of type %d lies outside; that type cannot be moved"
                                .formatted(model, tensor.getName(), tensor.getDataType()));
            }
            return;
        }
        TensorInfo info = info(tensor, type);
        if (!external && info.bytes() < SMALL_BYTES) {
            return;
        }
        if (external) {
            External place = External.of(model, tensor, info.bytes());
            writer.add(tensor.getName(), info, place::copy);
        } else {
            ByteBuffer bytes = inline(tensor, info);
            writer.add(tensor.getName(), info, bytes);
        }
        moved.put(tensor.getName(), info);
    }

    private TensorInfo info(TensorProto tensor, DataType type) {
        try {
            return new TensorInfo(
                    type, tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
        } catch (IllegalArgumentException e) {
            throw new ExportException(
                    model + ": tensor " + tensor.getName() + ": " + e.getMessage(), e);
        }
    }

    private ByteBuffer inline(TensorProto tensor, TensorInfo info) {
        ByteBuffer bytes;
        if (tensor.hasRawData()) {
            bytes = tensor.getRawData().asReadOnlyByteBuffer();
        } else {
            bytes =
                    ByteBuffer.allocate(Math.toIntExact(info.bytes()))
                            .order(ByteOrder.LITTLE_ENDIAN);
            typed(tensor, info.type(), bytes);
            bytes.flip();
        }
        if (bytes.remaining() != info.bytes()) {
            throw new ExportException(
                    "%s: tensor %s %s has %d bytes"
                            .formatted(model, tensor.getName(), info, bytes.remaining()));
        }
        return bytes;
    }

    /** Values in the fields of their own type, where a model has no raw bytes. */
    private static void typed(TensorProto tensor, DataType type, ByteBuffer to) {
        switch (type) {
            case F32 ->
                    tensor.getFloatDataList().stream().limit(to.limit() / 4).forEach(to::putFloat);
            case F64 ->
                    tensor.getDoubleDataList().stream()
                            .limit(to.limit() / 8)
                            .forEach(to::putDouble);
            case I64 ->
                    tensor.getInt64DataList().stream().limit(to.limit() / 8).forEach(to::putLong);
            case I32 ->
                    tensor.getInt32DataList().stream().limit(to.limit() / 4).forEach(to::putInt);
            case F16, BF16, I16, U16 ->
                    tensor.getInt32DataList().stream()
                            .limit(to.limit() / 2)
                            .forEach(value -> to.putShort(value.shortValue()));
            case I8, U8, BOOL ->
                    tensor.getInt32DataList().stream()
                            .limit(to.limit())
                            .forEach(value -> to.put(value.byteValue()));
        }
    }

    private static TensorProto reference(TensorProto tensor, String file, Extent extent) {
        return TensorProto.newBuilder()
                .setName(tensor.getName())
                .setDataType(tensor.getDataType())
                .addAllDims(tensor.getDimsList())
                .setDataLocation(DataLocation.EXTERNAL)
                .addExternalData(entry("location", file))
                .addExternalData(entry("offset", Long.toString(extent.offset())))
                .addExternalData(entry("length", Long.toString(extent.length())))
                .build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** A stretch of a file beside the model. */
    private record External(Path file, long offset, long length) {
        static External of(Path model, TensorProto tensor, long bytes) {
            Map<String, String> entries = new HashMap<>();
            tensor.getExternalDataList().forEach(e -> entries.put(e.getKey(), e.getValue()));
            String location = entries.getOrDefault("location", "");
            Path folder = model.toAbsolutePath().normalize().getParent();
            Path file = folder == null ? Path.of(location) : folder.resolve(location).normalize();
            long offset = number(model, tensor, entries.getOrDefault("offset", "0"));
            if (location.isEmpty() || folder == null || !file.startsWith(folder)) {
                throw new ExportException(
                        "%s: tensor %s lies in \"%s\", which is not beside the model"
                                .formatted(model, tensor.getName(), location));
            }
            try {
                if (offset < 0 || offset > Files.size(file) - bytes) {
                    throw new ExportException(
                            "%s: tensor %s of %d bytes at %d leaves %s of %d bytes"
                                    .formatted(
                                            model,
                                            tensor.getName(),
                                            bytes,
                                            offset,
                                            location,
                                            Files.size(file)));
                }
            } catch (IOException e) {
                throw new ExportException("cannot read " + file + ": " + e.getMessage(), e);
            }
            return new External(file, offset, bytes);
        }

        private static long number(Path model, TensorProto tensor, String text) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new ExportException(
                        "%s: tensor %s has offset \"%s\"".formatted(model, tensor.getName(), text),
                        e);
            }
        }

        void copy(WritableByteChannel target) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long at = offset;
                long end = offset + length;
                while (at < end) {
                    long count = channel.transferTo(at, end - at, target);
                    if (count <= 0) {
                        throw new IOException(file + " ends at byte " + at);
                    }
                    at += count;
                }
            }
        }
    }
}
