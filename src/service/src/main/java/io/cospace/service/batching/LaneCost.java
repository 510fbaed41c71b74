package io.cospace.service.batching;

/**
 * The cost of a lane's batches: a fitted model for each width, and a correction learnt while
 * serving. Thread-safe by single volatile fields; a lost update only delays the correction.
 */
final class LaneCost {

    /** Share of one observation in the correction. */
    private static final double GAIN = 0.05;

    /** One observation moves by at most this factor, so that a pause of the machine does not. */
    private static final double LARGEST_STEP = 4;

    /** The correction stays within 1/8 .. 8: past that the model is wrong, not the machine. */
    private static final double LARGEST_CORRECTION = 8;

    private final LaneSettings settings;
    private volatile CostModel one;
    private volatile CostModel all;
    private volatile double correctionOne = 1;
    private volatile double correctionAll = 1;

    LaneCost(LaneSettings settings, CostModel model) {
        this.settings = settings;
        this.one = model;
        this.all = model;
    }

    void replace(CostModel one, CostModel all) {
        this.one = one;
        this.all = all;
        correctionOne = 1;
        correctionAll = 1;
    }

    /** Predicted milliseconds of a batch. */
    double millis(Cores cores, int rows, long units, int longest) {
        return switch (cores) {
            case ONE -> correctionOne * one.millis(rows, units, longest);
            case ALL -> correctionAll * all.millis(rows, units, longest);
        };
    }

    /** Predicted milliseconds of one item, as its part of a full batch of items as long as it. */
    double share(int units) {
        return fullMillis(units) / rows(units);
    }

    /** Predicted milliseconds of a full batch of items of a length. */
    double fullMillis(int units) {
        int rows = rows(units);
        return millis(Cores.ONE, rows, (long) rows * units, units);
    }

    private int rows(int units) {
        return Math.max(1, Math.min(settings.maxRows(), settings.maxUnits() / units));
    }

    /** Learns from a run that succeeded: geometric exponential smoothing of actual / predicted. */
    void observe(Cores cores, double predictedMillis, double actualMillis) {
        if (predictedMillis <= 0 || actualMillis <= 0) {
            return;
        }
        double step = clamp(actualMillis / predictedMillis, LARGEST_STEP);
        double change = Math.pow(step, GAIN);
        switch (cores) {
            case ONE -> correctionOne = clamp(correctionOne * change, LARGEST_CORRECTION);
            case ALL -> correctionAll = clamp(correctionAll * change, LARGEST_CORRECTION);
        }
    }

    private static double clamp(double factor, double bound) {
        return Math.max(1 / bound, Math.min(bound, factor));
    }
}
