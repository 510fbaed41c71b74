package io.cospace.evaluate.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people write them. */
public final class Numbers {
    private static final double EXACT = 1e15;

    private Numbers() {}

    /**
     * Whole numbers as they are, others with so many significant digits and no zeros behind them.
     *
     * @param value finite
     */
    public static String plain(double value, int digits) {
        return value == Math.rint(value) && Math.abs(value) < EXACT
                ? String.valueOf((long) value)
                : new BigDecimal(value)
                        .round(new MathContext(digits))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    /** Three digits, or all before the point; a dash for what was not measured. */
    static String measured(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
