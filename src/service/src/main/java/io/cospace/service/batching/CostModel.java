package io.cospace.service.batching;

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
