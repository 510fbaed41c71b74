package io.cospace.evaluate.metrics;

import java.util.Arrays;

/**
 * For each query the rank of its best partner among all candidates, from 1. Other partners of the
 * same query do not count as competitors.
 */
public final class Ranks {
    private final int[] ranks;

    Ranks(int[] ranks) {
        this.ranks = ranks;
    }

    /** A copy of the ranks, by query. */
    public int[] values() {
        return ranks.clone();
    }

    /** R@k: the share of queries whose partner is among the first {@code k}, 0 to 1. */
    public double recall(int k) {
        return mean(hits(k));
    }

    /** By query 1 where its partner is among the first {@code k}, else 0. */
    public double[] hits(int k) {
        return Arrays.stream(ranks).mapToDouble(rank -> rank <= k ? 1 : 0).toArray();
    }

    /** The mean of 1 / rank (MRR), 0 to 1. */
    public double meanReciprocal() {
        return mean(reciprocals());
    }

    /** By query, 1 / rank. */
    public double[] reciprocals() {
        return Arrays.stream(ranks).mapToDouble(rank -> 1.0 / rank).toArray();
    }

    /** The median rank; of an even count the mean of the middle two. */
    public double median() {
        int[] sorted = ranks.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2.0;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
