package io.cospace.training.job;

import io.cospace.training.data.PairIndex.Sample;

/** Mean and deviation of each feature over the unchanged training images. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Statistics(float[] mean, float[] deviation) {
    private static final double LEAST_POOLED = .001;
    private static final double LEAST_GRID = .01;

    static Statistics of(JobData data) {
        int length = data.images().length();
        double[] sums = new double[length];
        double[] squares = new double[length];
        for (Sample sample : data.train()) {
            float[] row = data.images().features(sample, 0);
            for (int i = 0; i < length; i++) {
                sums[i] += row[i];
                squares[i] += (double) row[i] * row[i];
            }
        }
        float[] mean = new float[length];
        float[] deviation = new float[length];
        int count = data.train().size();
        for (int i = 0; i < length; i++) {
            double middle = sums[i] / count;
            double spread = Math.sqrt(Math.max(0, squares[i] / count - middle * middle));
            mean[i] = (float) middle;
            deviation[i] =
                    (float) (spread + (i < data.images().pooled() ? LEAST_POOLED : LEAST_GRID));
        }
        return new Statistics(mean, deviation);
    }
}
