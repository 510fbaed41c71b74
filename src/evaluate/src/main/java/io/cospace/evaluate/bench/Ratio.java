package io.cospace.evaluate.bench;

import io.cospace.evaluate.metrics.Bootstrap;
import io.cospace.evaluate.metrics.Interval;
import java.util.Arrays;

/**
 * How one contestant compares with another over the turns that both took.
 *
 * @param spread of the turns' ratios
 * @param interval their geometric mean with its 95 % bootstrap interval. The geometric one, because
 *     a/b and b/a must say the same. With fewer than five turns the interval is about the least and
 *     the greatest, and misses the truth more often than one time in twenty
 */
public record Ratio(Series.Spread spread, Interval interval) {
    /** Of one ratio a turn. */
    static Ratio of(double... ratios) {
        double[] logs = Arrays.stream(ratios).map(Math::log).toArray();
        Interval mean =
                Double.isNaN(Arrays.stream(logs).sum())
                        ? new Interval(Double.NaN, Double.NaN, Double.NaN)
                        : Bootstrap.DEFAULT.interval(logs);
        return new Ratio(
                Series.Spread.of(ratios),
                new Interval(Math.exp(mean.mean()), Math.exp(mean.low()), Math.exp(mean.high())));
    }
}
