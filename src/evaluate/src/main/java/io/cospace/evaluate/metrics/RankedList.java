package io.cospace.evaluate.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The candidates of one query with graded relevance, sorted by descending score, equal scores by
 * ascending index. A query without relevant candidates scores 0 everywhere.
 */
public final class RankedList {
    private final int[] order;
    private final int[] grades; // in that order
    private final int relevant;

    /** How a grade counts in NDCG. */
    public enum Gain {
        /** As it is (Järvelin, Kekäläinen 2002). */
        LINEAR,
        /** 2^grade - 1 (Burges et al. 2005). */
        EXPONENTIAL;

        private double of(int grade) {
            return this == LINEAR ? grade : Math.pow(2, grade) - 1;
        }
    }

    private RankedList(int[] order, int[] grades, int relevant) {
        this.order = order;
        this.grades = grades;
        this.relevant = relevant;
    }

    /**
     * Sorts candidates.
     *
     * @param scores by candidate, not NaN
     * @param relevance by candidate, 0 = not relevant
     */
    public static RankedList of(double[] scores, int[] relevance) {
        if (scores.length != relevance.length) {
            throw new IllegalArgumentException(
                    scores.length + " scores and " + relevance.length + " grades");
        }
        for (double score : scores) {
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException("a score is NaN");
            }
        }
        // + 0.0 makes both zeros equal; the sort is stable.
        int[] order =
                IntStream.range(0, scores.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(j -> -scores[j] + 0.0))
                        .mapToInt(Integer::intValue)
                        .toArray();
        int[] grades = Arrays.stream(order).map(j -> relevance[j]).toArray();
        int relevant = (int) Arrays.stream(grades).filter(grade -> grade > 0).count();
        return new RankedList(order, grades, relevant);
    }

    /** The candidates from the best score down. */
    public int[] order() {
        return order.clone();
    }

    /** Whether any candidate is relevant; means leave out queries of which this is false. */
    public boolean hasRelevant() {
        return relevant > 0;
    }

    /** Normalised discounted cumulative gain of the first {@code k}. */
    public double ndcg(int k, Gain gain) {
        int[] ideal = Arrays.stream(grades).sorted().toArray();
        double best = 0;
        for (int i = 0; i < Math.min(k, ideal.length); i++) {
            best += gain.of(ideal[ideal.length - 1 - i]) / discount(i);
        }
        double reached = 0;
        for (int i = 0; i < Math.min(k, grades.length); i++) {
            reached += gain.of(grades[i]) / discount(i);
        }
        return relevant == 0 ? 0 : reached / best;
    }

    private static double discount(int place) {
        return Math.log(place + 2.0) / Math.log(2);
    }

    /** Average precision over all relevant candidates. */
    public double averagePrecision() {
        return precisionSum(grades.length) / Math.max(1, relevant);
    }

    /** Average precision of the first {@code k}, over the relevant ones that fit there. */
    public double averagePrecision(int k) {
        return precisionSum(k) / Math.max(1, Math.min(relevant, k));
    }

    private double precisionSum(int k) {
        double sum = 0;
        int found = 0;
        for (int i = 0; i < Math.min(k, grades.length); i++) {
            if (grades[i] > 0) {
                sum += ++found / (i + 1.0);
            }
        }
        return sum;
    }

    /** 1 / the place of the first relevant candidate. */
    public double reciprocalRank() {
        for (int i = 0; i < grades.length; i++) {
            if (grades[i] > 0) {
                return 1 / (i + 1.0);
            }
        }
        return 0;
    }

    /** The share of the relevant candidates that are among the first {@code k}. */
    public double recall(int k) {
        long found = Arrays.stream(grades).limit(k).filter(grade -> grade > 0).count();
        return found / (double) Math.max(1, relevant);
    }

    /** The mean of a figure over the queries that have relevant candidates; NaN of none. */
    public static double mean(List<RankedList> queries, ToDoubleFunction<RankedList> figure) {
        return queries.stream()
                .filter(RankedList::hasRelevant)
                .mapToDouble(figure)
                .average()
                .orElse(Double.NaN);
    }
}
