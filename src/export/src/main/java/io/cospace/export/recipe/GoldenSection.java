package io.cospace.export.recipe;

import java.util.function.DoubleUnaryOperator;

/** Golden-section search for the minimum of a function with one valley (Kiefer 1953). */
final class GoldenSection {
    private static final double RATIO = (Math.sqrt(5) - 1) / 2;

    private GoldenSection() {}

    /**
     * Narrows the bracket until it is tight.
     *
     * @param low left end of the search
     * @param high right end; above {@code low}
     * @param width stops when the bracket is narrower
     * @return the middle of the last bracket
     */
    static double minimum(DoubleUnaryOperator function, double low, double high, double width) {
        if (!(low < high) || !(width > 0)) {
            throw new IllegalArgumentException(
                    "bracket [%s, %s] and width %s must be positive".formatted(low, high, width));
        }
        double a = low;
        double b = high;
        double left = b - RATIO * (b - a);
        double right = a + RATIO * (b - a);
        double atLeft = function.applyAsDouble(left);
        double atRight = function.applyAsDouble(right);
        while (b - a > width) {
            if (atLeft <= atRight) {
                b = right;
                right = left;
                atRight = atLeft;
                left = b - RATIO * (b - a);
                atLeft = function.applyAsDouble(left);
            } else {
                a = left;
                left = right;
                atLeft = atRight;
                right = a + RATIO * (b - a);
                atRight = function.applyAsDouble(right);
            }
        }
        return (a + b) / 2;
    }
}
