package io.cospace.evaluate.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap of a mean (Efron, Tibshirani: An Introduction to the Bootstrap, 1993,
 * section 13.3): draws the sample again with replacement and takes the quantiles of its means. The
 * same seed gives the same interval.
 *
 * @param resamples how often to draw, 1 or more
 * @param seed of the random numbers
 * @param level the share of the distribution inside the interval, between 0 and 1
 */
public record Bootstrap(int resamples, long seed, double level) {
    /** 1,000 draws, 95 %. */
    public static final Bootstrap DEFAULT = new Bootstrap(1000, 20_261_101, 0.95);

    /** Checks the ranges. */
    public Bootstrap {
        if (resamples < 1 || !(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "a bootstrap of %d draws at level %s; needs at least 1 and a level in (0, 1)"
                            .formatted(resamples, level));
        }
    }

    /** The interval of the mean of independent values. */
    public Interval interval(double[] values) {
        int[] each = new int[values.length];
        Arrays.setAll(each, i -> i);
        return interval(values, each);
    }

    /**
     * The interval of the mean of values of which those with the same cluster are drawn together,
     * because they depend on each other.
     *
     * @param clusters by value, any numbers
     */
    public Interval interval(double[] values, int[] clusters) {
        if (values.length == 0 || values.length != clusters.length) {
            throw new IllegalArgumentException(
                    values.length + " values in " + clusters.length + " clusters");
        }
        Map<Integer, double[]> byCluster = new LinkedHashMap<>(); // sum and count
        double total = 0;
        for (int i = 0; i < values.length; i++) {
            double[] cluster = byCluster.computeIfAbsent(clusters[i], c -> new double[2]);
            cluster[0] += values[i];
            cluster[1]++;
            total += values[i];
        }
        double[] means = means(byCluster.values().toArray(double[][]::new));
        Arrays.sort(means);
        double tail = (1 - level) / 2;
        return new Interval(
                total / values.length, quantile(means, tail), quantile(means, 1 - tail));
    }

    private double[] means(double[][] clusters) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            double count = 0;
            for (int i = 0; i < clusters.length; i++) {
                double[] drawn = clusters[random.nextInt(clusters.length)];
                sum += drawn[0];
                count += drawn[1];
            }
            means[r] = sum / count;
        }
        return means;
    }

    /** Linear between the two nearest, as most statistics packages do (type 7). */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
