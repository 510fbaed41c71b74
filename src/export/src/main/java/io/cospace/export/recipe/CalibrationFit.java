package io.cospace.export.recipe;

import java.util.Arrays;
import java.util.List;

/**
 * Where one tower's vectors lie, dimension by dimension: the ends of the range that an int8 output
 * spreads its 256 steps over, and the median that a binary output compares with, so that each bit
 * is set for half of the vectors. Fitted on training-side vectors, as served: full length, single
 * precision.
 */
public final class CalibrationFit {
    private final float[] low;
    private final float[] high;
    private final float[] median;

    private CalibrationFit(float[] low, float[] high, float[] median) {
        this.low = low;
        this.high = high;
        this.median = median;
    }

    /**
     * Fits on {@code vectors}, at least two of one length. The median of an even number is the
     * upper of the middle two.
     */
    public static CalibrationFit of(List<float[]> vectors) {
        if (vectors.size() < 2) {
            throw new IllegalArgumentException(
                    "calibration needs two vectors or more, not " + vectors.size());
        }
        int size = vectors.getFirst().length;
        CalibrationFit fit = new CalibrationFit(new float[size], new float[size], new float[size]);
        float[] column = new float[vectors.size()];
        for (int dimension = 0; dimension < size; dimension++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = vectors.get(i)[dimension];
            }
            Arrays.sort(column);
            fit.low[dimension] = column[0];
            fit.high[dimension] = column[column.length - 1];
            fit.median[dimension] = column[column.length / 2];
        }
        return fit;
    }

    /** Smallest value seen of each dimension. */
    public float[] low() {
        return low.clone();
    }

    /** Largest value seen of each dimension. */
    public float[] high() {
        return high.clone();
    }

    /** Middle value of each dimension. */
    public float[] median() {
        return median.clone();
    }
}
