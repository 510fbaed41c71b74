package io.cospace.export.checkpoint;

import java.util.Arrays;

/**
 * Type and shape of a tensor, row-major.
 *
 * @param type element type
 * @param shape sizes, each at least 0; empty for a scalar. The array is copied in and must not be
 *     changed by readers
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode compare the contents
public record TensorInfo(DataType type, long... shape) {
    /** Refuses a negative size and a tensor of more than 2^63 - 1 bytes. */
    public TensorInfo {
        shape = shape.clone();
        long size = type.bytes();
        for (long side : shape) {
            if (side < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " has a negative size");
            }
        }
        for (long side : shape) {
            if (side == 0) {
                size = 0;
            }
        }
        for (long side : shape) {
            if (Math.multiplyHigh(size, side) != 0 || size * side < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " of " + type + " exceeds 2^63 bytes");
            }
            size *= side;
        }
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        long product = 1;
        for (long side : shape) {
            if (side == 0) {
                return 0;
            }
            product *= side;
        }
        return product;
    }

    /** Number of bytes when stored without gaps. */
    public long bytes() {
        return elements() * type.bytes();
    }

    /** Number of dimensions. */
    public int rank() {
        return shape.length;
    }

    /** Size of dimension {@code axis}. */
    public long size(int axis) {
        return shape[axis];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && type == that.type
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
