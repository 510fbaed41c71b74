package io.cospace.evaluate.metrics;

import java.util.List;

/**
 * Vectors of one length, [size, dimensions], row after row in one array. Immutable, so safe for use
 * by several threads.
 */
public final class VectorSet {
    private final float[] values;
    private final int size;
    private final int dimensions;

    private VectorSet(float[] values, int size, int dimensions) {
        this.values = values;
        this.size = size;
        this.dimensions = dimensions;
    }

    /**
     * Copies vectors, one row each.
     *
     * @throws IllegalArgumentException if there are none, their lengths differ or a value is not
     *     finite
     */
    public static VectorSet of(List<float[]> rows) {
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("a vector set needs at least one vector");
        }
        int dimensions = rows.getFirst().length;
        float[] values = new float[Math.multiplyExact(rows.size(), dimensions)];
        for (int i = 0; i < rows.size(); i++) {
            float[] row = rows.get(i);
            if (row.length != dimensions) {
                throw new IllegalArgumentException(
                        "vector " + i + " has " + row.length + " values, vector 0 " + dimensions);
            }
            for (float value : row) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("vector " + i + " holds " + value);
                }
            }
            System.arraycopy(row, 0, values, i * dimensions, dimensions);
        }
        return new VectorSet(values, rows.size(), dimensions);
    }

    /** How many vectors there are. */
    public int size() {
        return size;
    }

    /** The length of each. */
    public int dimensions() {
        return dimensions;
    }

    /** A copy of one vector. */
    public float[] row(int index) {
        float[] row = new float[dimensions];
        System.arraycopy(values, offset(index), row, 0, dimensions);
        return row;
    }

    /** The vectors at these places, in this order. */
    public VectorSet select(int[] indices) {
        float[] selected = new float[Math.multiplyExact(indices.length, dimensions)];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(values, offset(indices[i]), selected, i * dimensions, dimensions);
        }
        return new VectorSet(selected, indices.length, dimensions);
    }

    /** The first {@code length} values of each vector, scaled to length 1; a zero stays zero. */
    public VectorSet truncated(int length) {
        if (length < 1 || length > dimensions) {
            throw new IllegalArgumentException(
                    "cannot cut vectors of " + dimensions + " values to " + length);
        }
        float[] cut = new float[size * length];
        for (int i = 0; i < size; i++) {
            double squares = 0;
            for (int k = 0; k < length; k++) {
                double value = values[offset(i) + k];
                squares += value * value;
            }
            double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
            for (int k = 0; k < length; k++) {
                cut[i * length + k] = (float) (values[offset(i) + k] * scale);
            }
        }
        return new VectorSet(cut, size, length);
    }

    /**
     * The dot product of two rows, added up from the first dimension to the last in float: the
     * order of {@link ScoreTiles}, so that equal pairs have equal bits in both.
     */
    float dot(int row, VectorSet other, int otherRow) {
        int a = offset(row);
        int b = other.offset(otherRow);
        float sum = 0;
        for (int k = 0; k < dimensions; k++) {
            sum += values[a + k] * other.values[b + k];
        }
        return sum;
    }

    int offset(int row) {
        return row * dimensions;
    }

    /** The rows themselves, not a copy; for reading. */
    float[] values() {
        return values;
    }
}
