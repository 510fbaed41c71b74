package io.cospace.export.graph;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A stored tensor or some rows of one: rows lie one after the other, so a slice is a stretch of its
 * file.
 *
 * @param file that holds it
 * @param stored its name there
 * @param offset of its first byte in the file
 * @param info type, and shape of the slice
 * @param firstElement of the slice in the stored tensor
 */
record Slice(Safetensors file, String stored, long offset, TensorInfo info, long firstElement) {

    static Slice whole(Safetensors file, String name) {
        return new Slice(file, name, file.offset(name), file.info(name), 0);
    }

    /** Rows {@code first} to {@code first + rows} of this slice. */
    Slice rows(long first, long rows) {
        if (info.rank() == 0 || first < 0 || rows < 0 || first + rows > info.size(0)) {
            throw new IllegalArgumentException(
                    "%s %s has no rows %d to %d".formatted(stored, info, first, first + rows));
        }
        long[] shape = info.shape().clone();
        shape[0] = rows;
        long before = info.size(0) == 0 ? 0 : first * (info.elements() / info.size(0));
        return new Slice(
                file,
                stored,
                offset + before * info.type().bytes(),
                new TensorInfo(info.type(), shape),
                firstElement + before);
    }

    /** The same bytes seen in another shape of as many elements. */
    Slice shaped(long... shape) {
        TensorInfo other = new TensorInfo(info.type(), shape);
        if (other.elements() != info.elements()) {
            throw new IllegalArgumentException(stored + " " + info + " cannot be seen as " + other);
        }
        return new Slice(file, stored, offset, other, firstElement);
    }

    float[] floats() {
        float[] values = new float[Math.toIntExact(info.elements())];
        file.read(stored, firstElement, values);
        return values;
    }

    ByteBuffer raw() {
        long start = offset - file.offset(stored);
        return file.segment(stored)
                .asSlice(start, info.bytes())
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Unique among all tensors of a folder: file, name and, for a part of a tensor, its place. */
    String id() {
        String id = file.file().getFileName() + "/" + stored;
        return info.elements() == file.info(stored).elements() ? id : id + "@" + firstElement;
    }
}
