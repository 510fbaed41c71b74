package io.cospace.export.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * A tensor as a strided window on a storage, the way PyTorch keeps them: element (i, j, ...) lies
 * at {@code offset + i * stride[0] + j * stride[1] + ...} elements. The window is checked once,
 * here, so that no read can leave the storage. Immutable.
 */
final class TensorView {
    /** A stride of 0 repeats elements; this bounds what a few bytes of file can unfold to. */
    static final long MAX_REPEATED_ELEMENTS = 1 << 24;

    private static final long COPY_ELEMENTS = 1 << 20;

    private final Path file;
    private final String name;
    private final TensorInfo info;
    private final MemorySegment storage;
    private final long offset;
    private final long[] stride;

    /** Number of elements that lie side by side at the end of the shape. */
    private final long run;

    private TensorView(
            Path file,
            String name,
            TensorInfo info,
            MemorySegment storage,
            long offset,
            long[] stride) {
        this.file = file;
        this.name = name;
        this.info = info;
        this.storage = storage;
        this.offset = offset;
        this.stride = stride;
        this.run = run(info, stride);
    }

    /** A tensor that fills its storage, row-major. */
    static TensorView whole(Path file, String name, TensorInfo info, MemorySegment storage) {
        return strided(file, name, info, storage, 0, rowMajor(info));
    }

    /**
     * A window on a storage; offset and strides count elements.
     *
     * @throws CheckpointException if an element would lie outside of the storage
     */
    static TensorView strided(
            Path file,
            String name,
            TensorInfo info,
            MemorySegment storage,
            long offset,
            long[] stride) {
        long available = storage.byteSize() / info.type().bytes();
        if (stride.length != info.rank()) {
            throw new CheckpointException(
                    file,
                    "tensor "
                            + name
                            + " has "
                            + info.rank()
                            + " dimensions and "
                            + stride.length
                            + " strides");
        }
        if (offset < 0 || !fits(info, offset, stride, available)) {
            throw new CheckpointException(
                    file,
                    "tensor "
                            + name
                            + " "
                            + info
                            + " with offset "
                            + offset
                            + " leaves its storage of "
                            + available
                            + " elements");
        }
        if (info.elements() > Math.max(available, MAX_REPEATED_ELEMENTS)) {
            throw new CheckpointException(
                    file,
                    "tensor "
                            + name
                            + " "
                            + info
                            + " repeats a storage of "
                            + available
                            + " elements to more than "
                            + MAX_REPEATED_ELEMENTS);
        }
        // An empty tensor reads nothing, wherever the file says it starts.
        long start = info.elements() == 0 ? 0 : offset;
        return new TensorView(file, name, info, storage, start, stride.clone());
    }

    private static boolean fits(TensorInfo info, long offset, long[] stride, long available) {
        if (info.elements() == 0) {
            return true;
        }
        long last = offset;
        for (int axis = 0; axis < stride.length; axis++) {
            long steps = info.size(axis) - 1;
            // A step of more than the storage cannot fit; saying so first keeps the product small.
            if (stride[axis] < 0 || (steps > 0 && stride[axis] > available / steps)) {
                return false;
            }
            last += steps * stride[axis];
            if (last < 0 || last >= available) {
                return false;
            }
        }
        return last < available;
    }

    private static long[] rowMajor(TensorInfo info) {
        long[] stride = new long[info.rank()];
        long next = 1;
        for (int axis = stride.length - 1; axis >= 0; axis--) {
            stride[axis] = next;
            next *= Math.max(1, info.size(axis));
        }
        return stride;
    }

    private static long run(TensorInfo info, long[] stride) {
        long run = 1;
        for (int axis = stride.length - 1; axis >= 0; axis--) {
            if (info.size(axis) != 1 && stride[axis] != run) {
                return run;
            }
            run *= info.size(axis);
        }
        return run;
    }

    TensorInfo info() {
        return info;
    }

    /** Whether the elements lie side by side, so that {@link #raw} copies nothing. */
    boolean isContiguous() {
        return run >= info.elements();
    }

    /** Reads {@code target.length} elements from element {@code first}, row-major. */
    void read(long first, float[] target) {
        checkRange(first, target.length);
        for (int at = 0; at < target.length; ) {
            int count = (int) Math.min(COPY_ELEMENTS, target.length - at);
            info.type().toFloats(part(first + at, count), 0, target, at, count);
            at += count;
        }
    }

    float[] floats() {
        float[] values = new float[arrayLength()];
        read(0, values);
        return values;
    }

    long[] longs() {
        long[] values = new long[arrayLength()];
        for (int at = 0; at < values.length; ) {
            int count = (int) Math.min(COPY_ELEMENTS, values.length - at);
            MemorySegment bytes = part(at, count);
            for (int i = 0; i < count; i++) {
                values[at + i] = info.type().longAt(bytes, i);
            }
            at += count;
        }
        return values;
    }

    ByteBuffer raw() {
        if (info.bytes() > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    file,
                    "tensor " + name + " has " + info.bytes() + " bytes; a buffer holds 2 GB");
        }
        return part(0, info.elements())
                .asByteBuffer()
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    void copy(WritableByteChannel target) throws IOException {
        for (long first = 0; first < info.elements(); first += COPY_ELEMENTS) {
            ByteBuffer bytes =
                    part(first, Math.min(COPY_ELEMENTS, info.elements() - first)).asByteBuffer();
            while (bytes.hasRemaining()) {
                target.write(bytes);
            }
        }
    }

    /** Elements of the row-major order, gathered where they do not lie side by side. */
    private MemorySegment part(long first, long count) {
        int size = info.type().bytes();
        if (isContiguous()) {
            return storage.asSlice((offset + first) * size, count * size);
        }
        MemorySegment target = MemorySegment.ofArray(new byte[Math.toIntExact(count * size)]);
        for (long at = 0; at < count; ) {
            long inRun = (first + at) % run;
            long length = Math.min(run - inRun, count - at);
            long from = position(first + at - inRun) + inRun;
            MemorySegment.copy(storage, from * size, target, at * size, length * size);
            at += length;
        }
        return target;
    }

    /** Where element {@code index} of the row-major order lies in the storage. */
    private long position(long index) {
        long position = offset;
        long rest = index;
        for (int axis = stride.length - 1; axis >= 0; axis--) {
            position += rest % info.size(axis) * stride[axis];
            rest /= info.size(axis);
        }
        return position;
    }

    private void checkRange(long first, long count) {
        if (first < 0 || count > info.elements() - first) {
            throw new IndexOutOfBoundsException(
                    "elements "
                            + first
                            + ".."
                            + (first + count)
                            + " of tensor "
                            + name
                            + " "
                            + info);
        }
    }

    private int arrayLength() {
        if (info.elements() > Integer.MAX_VALUE - 8) {
            throw new CheckpointException(
                    file,
                    "tensor " + name + " has " + info.elements() + " elements; read it in parts");
        }
        return (int) info.elements();
    }
}
