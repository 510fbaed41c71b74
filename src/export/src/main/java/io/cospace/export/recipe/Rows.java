package io.cospace.export.recipe;

/** Arithmetic on single vectors in double precision; sums run in ascending index order. */
public final class Rows {
    private Rows() {}

    public static double[] ofFloats(float[] values) {
        double[] row = new double[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = values[i];
        }
        return row;
    }

    public static float[] toFloats(double[] values) {
        float[] row = new float[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) values[i];
        }
        return row;
    }

    public static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /**
     * A copy of {@code row} at unit length.
     *
     * @throws IllegalArgumentException when the length is zero or not finite
     */
    public static double[] unit(double[] row) {
        double length = Math.sqrt(dot(row, row));
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new IllegalArgumentException(
                    "a vector of length " + length + " has no direction");
        }
        double[] unit = new double[row.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = row[i] / length;
        }
        return unit;
    }

    /** Adds {@code row} to {@code sum} in place. */
    public static void add(double[] sum, double[] row) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += row[i];
        }
    }
}
