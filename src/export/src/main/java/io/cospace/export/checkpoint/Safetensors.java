package io.cospace.export.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * One safetensors file, mapped. Format: 8 bytes little-endian header length, a JSON header, then
 * the tensors without gaps (github.com/huggingface/safetensors, README "Format"). Everything that
 * the header claims is checked at open, so that no later read can leave the file.
 */
public final class Safetensors implements TensorSource {
    private static final long COPY_BYTES = 1 << 24;

    private final MappedFile file;
    private final SafetensorsHeader header;

    private Safetensors(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Opens and checks a file.
     *
     * @throws CheckpointException if it is not a sound safetensors file; names file and tensor
     */
    public static Safetensors open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return new Safetensors(file, SafetensorsHeader.parse(file));
        } catch (CheckpointException e) {
            file.close();
            throw e;
        }
    }

    /** The file itself. */
    public Path file() {
        return file.path();
    }

    /** The header's {@code __metadata__}; empty if there is none. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Where a tensor's bytes start, counted from the start of the file. */
    public long offset(String name) {
        return entry(name).offset();
    }

    /** How many bytes a tensor has. */
    public long length(String name) {
        return entry(name).info().bytes();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public void read(String name, long first, float[] target) {
        info(name).type().toFloats(segment(name), first, target, 0, target.length);
    }

    @Override
    public float[] floats(String name) {
        float[] values = new float[arrayLength(name)];
        read(name, 0, values);
        return values;
    }

    @Override
    public long[] longs(String name) {
        DataType type = info(name).type();
        MemorySegment bytes = segment(name);
        long[] values = new long[arrayLength(name)];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.longAt(bytes, i);
        }
        return values;
    }

    @Override
    public ByteBuffer raw(String name) {
        if (length(name) > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    file(),
                    "tensor " + name + " has " + length(name) + " bytes; a buffer holds 2 GB");
        }
        return segment(name).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void copy(String name, WritableByteChannel target) throws IOException {
        MemorySegment bytes = segment(name);
        for (long at = 0; at < bytes.byteSize(); at += COPY_BYTES) {
            ByteBuffer part =
                    bytes.asSlice(at, Math.min(COPY_BYTES, bytes.byteSize() - at)).asByteBuffer();
            while (part.hasRemaining()) {
                target.write(part);
            }
        }
    }

    /** The mapped bytes of a tensor of any size, read-only; valid until this is closed. */
    public MemorySegment segment(String name) {
        return file.bytes().asSlice(offset(name), length(name));
    }

    @Override
    public void close() {
        file.close();
    }

    /** First 8 bytes of the file: the header's length. */
    static long headerLength(MemorySegment bytes) {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    }

    private int arrayLength(String name) {
        long elements = info(name).elements();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new CheckpointException(
                    file(), "tensor " + name + " has " + elements + " elements; read it in parts");
        }
        return (int) elements;
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(file() + " holds no tensor " + name);
        }
        return entry;
    }
}
