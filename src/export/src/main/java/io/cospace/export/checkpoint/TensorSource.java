package io.cospace.export.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Set;

/**
 * Named tensors of one or several files, mapped and not loaded: reading a tensor touches its own
 * bytes only. Thread-safe until closed. Unknown names are refused with an {@link
 * IllegalArgumentException}.
 */
public interface TensorSource extends AutoCloseable {
    /** All tensor names, in the order of the file; unmodifiable. */
    Set<String> names();

    /** Type and shape of a tensor. */
    TensorInfo info(String name);

    /**
     * Elements {@code first} to {@code first + target.length} of a tensor, row-major, as floats:
     * for reading by rows what is too large for one array.
     *
     * @throws IndexOutOfBoundsException if the tensor ends before
     */
    void read(String name, long first, float[] target);

    /**
     * The bytes of a tensor, row-major without gaps, little-endian, read-only: mapped where the
     * file holds them so, else copied.
     *
     * @throws CheckpointException if the tensor exceeds 2 GB
     */
    ByteBuffer raw(String name);

    /** Writes the bytes of {@link #raw}, of any size, to a channel. */
    void copy(String name, WritableByteChannel target) throws IOException;

    /** Whole numbers of a tensor; a floating type is refused. At most 2^31 - 9 elements. */
    long[] longs(String name);

    /**
     * A whole tensor as floats.
     *
     * @throws CheckpointException if it has more elements than an array can hold
     */
    float[] floats(String name);

    /** Unmaps; buffers from {@link #raw} must not be used after it. */
    @Override
    void close();
}
