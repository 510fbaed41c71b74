package io.cospace.service.batching;

import java.util.List;

/**
 * Predicted time of one batch in milliseconds: {@code fixed + perRow rows + perUnit units +
 * perPaddedUnit rows longest + perPaddedSquare rows longest^2}, the shape of a transformer (a call,
 * a row, a token, a padded token, attention). No coefficient is negative, so a larger batch never
 * costs less.
 *
 * @param fixed milliseconds a call
 * @param perRow milliseconds a row
 * @param perUnit milliseconds a unit of real length
 * @param perPaddedUnit milliseconds a unit of padded length
 * @param perPaddedSquare milliseconds a row and squared padded length
 */
public record CostModel(
        double fixed, double perRow, double perUnit, double perPaddedUnit, double perPaddedSquare) {

    public CostModel {
        for (double c : new double[] {fixed, perRow, perUnit, perPaddedUnit, perPaddedSquare}) {
            if (!(c >= 0) || Double.isInfinite(c)) {
                throw new IllegalArgumentException(
                        "a cost coefficient is %s; must be finite and not negative".formatted(c));
            }
        }
    }

    /** A call costs {@code fixed} ms and each unit {@code perUnit} ms: a guess before any fit. */
    public static CostModel linear(double fixed, double perUnit) {
        return new CostModel(fixed, 0, perUnit, 0, 0);
    }

    /**
     * Fits measured batches by least squares of the relative error, so that short batches count as
     * much as long ones. Lengths must be mixed within some batches, or padding cannot be told from
     * work.
     *
     * @param samples at least one
     */
    public static CostModel fit(List<CostSample> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no sample to fit");
        }
        double[][] features = new double[samples.size()][];
        double[] ones = new double[samples.size()];
        for (int s = 0; s < features.length; s++) {
            CostSample sample = samples.get(s);
            double w = 1 / sample.millis();
            double padded = (double) sample.rows() * sample.longest();
            double square = padded * sample.longest();
            features[s] =
                    new double[] {w, w * sample.rows(), w * sample.units(), w * padded, w * square};
            ones[s] = 1;
        }
        double[] x = NonNegativeLeastSquares.solve(features, ones);
        return new CostModel(x[0], x[1], x[2], x[3], x[4]);
    }

    /**
     * Predicts one batch.
     *
     * @param units sum of the rows' lengths
     * @param longest length of the longest row
     */
    public double millis(int rows, long units, int longest) {
        double padded = (double) rows * longest;
        return fixed
                + perRow * rows
                + perUnit * units
                + perPaddedUnit * padded
                + perPaddedSquare * padded * longest;
    }
}
