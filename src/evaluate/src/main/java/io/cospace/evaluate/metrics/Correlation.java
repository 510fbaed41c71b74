package io.cospace.evaluate.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Agreement of two lists of numbers, and of scores with strict choices. */
public final class Correlation {
    private Correlation() {}

    /** Pearson's correlation, -1 to 1; NaN where a list is constant. */
    public static double pearson(double[] a, double[] b) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException(a.length + " values against " + b.length);
        }
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa == 0 || bb == 0 ? Double.NaN : ab / Math.sqrt(aa * bb);
    }

    /** Spearman's correlation: Pearson's of the average ranks. */
    public static double spearman(double[] a, double[] b) {
        return pearson(averageRanks(a), averageRanks(b));
    }

    /** Ranks from 1 upward; equal values share the mean of their ranks. */
    public static double[] averageRanks(double[] values) {
        int[] order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i] + 0.0))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = Math.max(to, from + 1); // NaN equals nothing, itself included
        }
        return ranks;
    }

    /**
     * The share of pairs of which the right text scores higher than the wrong one; a tie is wrong
     * (as SugarCrepe and MMVP count).
     */
    public static double pairAccuracy(double[] right, double[] wrong) {
        if (right.length != wrong.length || right.length == 0) {
            throw new IllegalArgumentException(right.length + " right, " + wrong.length + " wrong");
        }
        return IntStream.range(0, right.length).filter(i -> right[i] > wrong[i]).count()
                / (double) right.length;
    }
}
