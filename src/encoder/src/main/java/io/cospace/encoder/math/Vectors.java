package io.cospace.encoder.math;

import java.util.Arrays;

/**
 * Arithmetic on dense float vectors. All sums run in double precision, so a result does not depend
 * on the JIT.
 */
public final class Vectors {

    private Vectors() {}

    /**
     * Inner product; the cosine when both are unit vectors.
     *
     * @throws IllegalArgumentException when the lengths differ
     */
    public static double dot(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "vectors have " + a.length + " and " + b.length + " dimensions");
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** Euclidean length; NaN or infinite when an element is. */
    public static double norm(float[] vector) {
        return Math.sqrt(dot(vector, vector));
    }

    /**
     * Whether {@code vector} has a direction: every element is finite and at least one is not zero.
     */
    public static boolean hasDirection(float[] vector) {
        double norm = norm(vector);
        return norm > 0 && Double.isFinite(norm);
    }

    /**
     * A new unit vector of the same direction.
     *
     * @throws ArithmeticException when there is no direction: all elements are zero, or one is NaN
     *     or infinite
     */
    public static float[] normalise(float[] vector) {
        double norm = norm(vector);
        if (!(norm > 0 && Double.isFinite(norm))) {
            throw new ArithmeticException("a vector of length " + norm + " has no direction");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }

    /**
     * The first {@code dimensions} elements, as a unit vector again (Kusupati et al., Matryoshka
     * Representation Learning, 2022, section 3).
     *
     * @throws ArithmeticException when these elements have no direction
     */
    public static float[] truncate(float[] vector, int dimensions) {
        if (dimensions < 1 || dimensions > vector.length) {
            throw new IllegalArgumentException(
                    "dimensions is " + dimensions + "; must be 1.." + vector.length);
        }
        return normalise(Arrays.copyOf(vector, dimensions));
    }
}
