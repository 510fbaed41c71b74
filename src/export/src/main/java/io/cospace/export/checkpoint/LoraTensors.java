package io.cospace.export.checkpoint;

import io.cospace.export.checkpoint.LoraAdapter.Delta;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * A base model with a low-rank adapter merged into it: the merged matrices are F32 and computed
 * when they are read, part by part; all others are the base's as they are. Thread-safe until
 * closed.
 */
public final class LoraTensors implements TensorSource {
    private static final int PART_ELEMENTS = 1 << 20;

    private final TensorSource base;
    private final Map<String, Delta> deltas;

    private LoraTensors(TensorSource base, Map<String, Delta> deltas) {
        this.base = base;
        this.deltas = deltas;
    }

    /**
     * Merges the adapter of a folder, as the peft library saves it.
     *
     * @param base is closed with the result
     * @throws CheckpointException if the adapter is of an unknown kind or does not fit the base
     */
    public static LoraTensors merge(TensorSource base, Path adapter) {
        return new LoraTensors(base, LoraAdapter.read(adapter, base));
    }

    /** Names of the matrices that the adapter changes. */
    public Set<String> merged() {
        return Set.copyOf(deltas.keySet());
    }

    @Override
    public Set<String> names() {
        return base.names();
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo info = base.info(name);
        return deltas.containsKey(name) ? new TensorInfo(DataType.F32, info.shape()) : info;
    }

    @Override
    public void read(String name, long first, float[] target) {
        base.read(name, first, target);
        Delta delta = deltas.get(name);
        if (delta != null) {
            add(delta, Math.toIntExact(base.info(name).size(1)), first, target);
        }
    }

    /** target[i] += scale * (B A)[first + i], in the row-major order of [out, columns]. */
    private static void add(Delta delta, int columns, long first, float[] target) {
        float[] sum = new float[columns];
        for (int at = 0; at < target.length; ) {
            int row = (int) ((first + at) / columns);
            int column = (int) ((first + at) % columns);
            int count = Math.min(columns - column, target.length - at);
            Arrays.fill(sum, 0);
            for (int k = 0; k < delta.rank(); k++) {
                float up = delta.up()[row * delta.rank() + k];
                int from = k * columns + column;
                for (int i = 0; i < count; i++) {
                    sum[i] += up * delta.down()[from + i];
                }
            }
            for (int i = 0; i < count; i++) {
                target[at + i] += delta.scale() * sum[i];
            }
            at += count;
        }
    }

    @Override
    public float[] floats(String name) {
        float[] values = base.floats(name);
        Delta delta = deltas.get(name);
        if (delta != null) {
            add(delta, Math.toIntExact(base.info(name).size(1)), 0, values);
        }
        return values;
    }

    @Override
    public long[] longs(String name) {
        return base.longs(name);
    }

    @Override
    public ByteBuffer raw(String name) {
        if (!deltas.containsKey(name)) {
            return base.raw(name);
        }
        float[] values = floats(name);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(4, values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void copy(String name, WritableByteChannel target) throws IOException {
        if (!deltas.containsKey(name)) {
            base.copy(name, target);
            return;
        }
        long elements = info(name).elements();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(4 * PART_ELEMENTS).order(ByteOrder.LITTLE_ENDIAN);
        for (long first = 0; first < elements; first += PART_ELEMENTS) {
            float[] part = new float[(int) Math.min(PART_ELEMENTS, elements - first)];
            read(name, first, part);
            bytes.clear().asFloatBuffer().put(part);
            bytes.limit(4 * part.length);
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
        }
    }

    @Override
    public void close() {
        base.close();
    }
}
