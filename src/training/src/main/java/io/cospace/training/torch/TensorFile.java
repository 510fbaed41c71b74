package io.cospace.training.torch;

import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors from and to files. */
public final class TensorFile {
    private TensorFile() {}

    /**
     * A tensor of a file with memory of its own: F64, I64 and U8 stay what they are, BOOL becomes
     * truth values, everything else fp32.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Tensor read(TensorSource source, String name) {
        TensorInfo info = source.info(name);
        return switch (info.type()) {
            case F64 -> Tensors.of(source.raw(name), Kind.F64, info.shape());
            case I64 -> Tensors.of(source.longs(name), info.shape());
            case U8 -> Tensors.of(source.raw(name), Kind.U8, info.shape());
            case BOOL -> Tensors.of(source.raw(name), Kind.U8, info.shape()).to(Kind.BOOL);
            case F32, F16, BF16, I32, I16, I8, U16 -> Tensors.of(source.floats(name), info.shape());
        };
    }

    /** All tensors of a file, as {@link #read}. */
    public static Map<String, Tensor> readAll(TensorSource source) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : source.names()) {
            tensors.put(name, read(source, name));
        }
        return tensors;
    }

    /**
     * Adds tensors to a file to be written; they are read when it is. bf16 is written as fp32,
     * truth values as bytes.
     */
    public static void add(SafetensorsWriter writer, Map<String, Tensor> tensors) {
        tensors.forEach((name, tensor) -> add(writer, name, tensor));
    }

    /** Writes a file of tensors in one step: it has its name only when it is whole. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        SafetensorsWriter writer = new SafetensorsWriter();
        add(writer, tensors);
        metadata.forEach(writer::metadata);
        writer.write(file);
    }

    private static void add(SafetensorsWriter writer, String name, Tensor tensor) {
        switch (tensor.kind()) {
            case F32, BF16 -> writer.add(name, tensor.toFloats(), tensor.shape());
            case F64 -> {
                double[] values = tensor.toDoubles();
                ByteBuffer bytes = buffer(8L * values.length);
                bytes.asDoubleBuffer().put(values);
                writer.add(name, new TensorInfo(DataType.F64, tensor.shape()), bytes);
            }
            case I64 -> {
                long[] values = tensor.toLongs();
                ByteBuffer bytes = buffer(8L * values.length);
                bytes.asLongBuffer().put(values);
                writer.add(name, new TensorInfo(DataType.I64, tensor.shape()), bytes);
            }
            case U8, BOOL ->
                    writer.add(
                            name,
                            new TensorInfo(DataType.U8, tensor.shape()),
                            ByteBuffer.wrap(tensor.toBytes()));
        }
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
