package io.cospace.encoder.image;

import io.cospace.encoder.image.Preprocessing.Interpolation;

/**
 * Weights of an antialiased one-dimensional resize, for a window of its outputs: Pillow's
 * precompute_coeffs and normalize_coeffs_8bpc (Resample.c), to the bit.
 *
 * <p>Output x of {@code out} lies at c = (x + 0.5) in / out among the inputs and reads those within
 * support x max(in / out, 1) of it; the weights of an output sum to about 2^22.
 */
final class ResampleTable {
    /** Bits below the point of a weight: 32 less 8 of the sample, less 2 for overshoot and sign. */
    static final int PRECISION_BITS = 22;

    private static final double CUBIC_A = -0.5;

    private final int[] starts;
    private final int[] counts;
    private final int[] weights;
    private final int maxTaps;

    /**
     * @param in inputs, 1 or more
     * @param out outputs of the whole resize, 1 or more
     * @param from first output of the window
     * @param size outputs in the window
     */
    ResampleTable(int in, int out, int from, int size, Interpolation interpolation) {
        double scale = (double) in / out;
        double filterScale = Math.max(scale, 1.0);
        double support = (interpolation == Interpolation.BICUBIC ? 2.0 : 1.0) * filterScale;
        maxTaps = Math.min((int) Math.ceil(support) * 2 + 1, in);
        starts = new int[size];
        counts = new int[size];
        weights = new int[size * maxTaps];
        double[] exact = new double[maxTaps];
        for (int i = 0; i < size; i++) {
            double center = (from + i + 0.5) * scale;
            int start = Math.max((int) (center - support + 0.5), 0);
            int count = Math.min((int) (center + support + 0.5), in) - start;
            double sum = 0;
            for (int k = 0; k < count; k++) {
                double x = (k + start - center + 0.5) * (1.0 / filterScale);
                exact[k] = interpolation == Interpolation.BICUBIC ? cubic(x) : triangle(x);
                sum += exact[k];
            }
            for (int k = 0; k < count; k++) {
                weights[i * maxTaps + k] = fixed(sum == 0 ? exact[k] : exact[k] / sum);
            }
            starts[i] = start;
            counts[i] = count;
        }
    }

    /** Keys, "Cubic convolution interpolation for digital image processing" (1981), equation 4. */
    private static double cubic(double signed) {
        double x = Math.abs(signed);
        if (x < 1.0) {
            return ((CUBIC_A + 2.0) * x - (CUBIC_A + 3.0)) * x * x + 1;
        }
        return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * CUBIC_A : 0.0;
    }

    private static double triangle(double signed) {
        return Math.max(0.0, 1.0 - Math.abs(signed));
    }

    /** Rounds half away from zero. */
    private static int fixed(double weight) {
        double scaled = weight * (1 << PRECISION_BITS);
        return (int) (weight < 0 ? scaled - 0.5 : scaled + 0.5);
    }

    /** Outputs in the window. */
    int size() {
        return starts.length;
    }

    /** First input that output {@code i} of the window reads. */
    int start(int i) {
        return starts[i];
    }

    /** How many inputs output {@code i} of the window reads. */
    int count(int i) {
        return counts[i];
    }

    /** The largest {@link #count} that there can be. */
    int maxTaps() {
        return maxTaps;
    }

    /**
     * Weights of all outputs, those of output i from {@code i * maxTaps()} on; not to be changed.
     */
    int[] weights() {
        return weights;
    }
}
