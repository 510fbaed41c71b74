package io.cospace.training.job;

import java.util.stream.Stream;

/** Mean and deviation of each feature over the unchanged training images. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Statistics(float[] mean, float[] deviation) {
    private static final double LEAST_POOLED = .001;
    private static final double LEAST_GRID = .01;

    /**
     * Over rows of features, the pooled ones first.
     *
     * @param length of each row
     */
    static Statistics of(Stream<float[]> rows, int length, int pooled) {
        double[] sums = new double[length];
        double[] squares = new double[length];
        long[] count = new long[1];
        rows.forEachOrdered(row -> {
            count[0]++;
            for (int i = 0; i < length; i++) {
                sums[i] += row[i];
                squares[i] += (double) row[i] * row[i];
            }
        });
        float[] mean = new float[length];
        float[] deviation = new float[length];
        for (int i = 0; i < length; i++) {
            double middle = sums[i] / count[0];
            double spread = Math.sqrt(Math.max(0, squares[i] / count[0] - middle * middle));
            mean[i] = (float) middle;
            deviation[i] = (float) (spread + (i < pooled ? LEAST_POOLED : LEAST_GRID));
        }
        return new Statistics(mean, deviation);
    }
}
