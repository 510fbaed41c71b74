package io.cospace.evaluate.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value lies on an axis, in percent of its length.
 *
 * @param low at 0 %
 * @param high at 100 %
 * @param logarithmic whether equal distances are equal ratios
 */
record Scale(double low, double high, boolean logarithmic) {
    /** From nothing to the greatest. */
    static Scale upTo(double most) {
        return new Scale(0, most > 0 ? most : 1, false);
    }

    /** Whole powers of ten around positive values. */
    static Scale decades(double least, double most) {
        double low = Math.pow(10, Math.floor(Math.log10(least)));
        double high = Math.pow(10, Math.ceil(Math.log10(most)));
        return new Scale(low, high > low ? high : 10 * low, true);
    }

    /** Around 1, as far to both sides in ratio. */
    static Scale aroundOne(double least, double most) {
        double reach = Math.max(1.25, 1.05 * Math.max(most, 1 / least));
        return new Scale(1 / reach, reach, true);
    }

    double percent(double value) {
        double place =
                logarithmic
                        ? Math.log(value / low) / Math.log(high / low)
                        : (value - low) / (high - low);
        return Math.clamp(100 * place, 0, 100);
    }

    /** Round values inside, at most some six. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double tick = low; tick <= 1.001 * high; tick *= 10) {
                ticks.add(tick);
            }
            return ticks;
        }
        double rough = (high - low) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step =
                rough / power > 5
                        ? 10 * power
                        : rough / power > 2 ? 5 * power : rough / power > 1 ? 2 * power : power;
        for (double tick = Math.ceil(low / step) * step; tick <= 1.000001 * high; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }
}
