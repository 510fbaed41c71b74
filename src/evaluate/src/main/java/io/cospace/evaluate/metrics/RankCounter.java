package io.cospace.evaluate.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * Counts, for every query of one direction, the candidates that stand before its best partner. The
 * partner's score is known first, so no list is sorted and no score kept. One walk over all scores
 * serves both directions; rows are walked in parallel and counts are integers, so the result does
 * not depend on the order.
 */
final class RankCounter {
    /** Rows in a task: enough to make the transposing of a tile cheap beside its use. */
    private static final int ROWS = 128;

    private final int[][] partners;
    private final float[] best; // score of the best partner, by query
    private final int[] bestIndex; // the first partner with that score
    private final int[] tiedPartners; // partners with that score
    private final AtomicIntegerArray above;
    private final AtomicIntegerArray equal; // all with that score, partners too
    private final AtomicIntegerArray equalBefore; // of those, the ones before bestIndex
    private final PartnerPlaces places;

    RankCounter(VectorSet queries, VectorSet candidates, int[][] partners) {
        int n = queries.size();
        this.partners = partners;
        this.best = new float[n];
        this.bestIndex = new int[n];
        this.tiedPartners = new int[n];
        this.above = new AtomicIntegerArray(n);
        this.equal = new AtomicIntegerArray(n);
        this.equalBefore = new AtomicIntegerArray(n);
        this.places = new PartnerPlaces(queries, candidates, partners);
        IntStream.range(0, n).parallel().forEach(q -> findBest(q, queries, candidates));
    }

    private void findBest(int query, VectorSet queries, VectorSet candidates) {
        float max = Float.NEGATIVE_INFINITY;
        for (int partner : partners[query]) {
            float score = queries.dot(query, candidates, partner);
            if (score > max) {
                max = score;
                bestIndex[query] = partner;
                tiedPartners[query] = 1;
            } else if (score == max) {
                tiedPartners[query]++;
            }
        }
        best[query] = max;
    }

    /** Walks all scores once; {@code ofRows} and {@code ofColumns} count their own queries. */
    static void count(
            VectorSet rows, VectorSet columns, RankCounter ofRows, RankCounter ofColumns) {
        int tasks = (rows.size() + ROWS - 1) / ROWS;
        IntStream.range(0, tasks)
                .parallel()
                .forEach(task -> {
                    Counts rowCounts = new Counts(ofRows, rows.size());
                    Counts columnCounts = new Counts(ofColumns, columns.size());
                    ScoreTiles.visit(
                            rows,
                            task * ROWS,
                            Math.min(rows.size(), (task + 1) * ROWS),
                            columns,
                            (row, first, scores, count) -> {
                                for (int j = 0; j < count; j++) {
                                    rowCounts.see(row, first + j, scores[j]);
                                    columnCounts.see(first + j, row, scores[j]);
                                }
                            });
                    rowCounts.addUp();
                    columnCounts.addUp();
                });
    }

    /** Counts of one task, added to the shared ones at its end. */
    private static final class Counts {
        private final RankCounter to;
        private final int[] above;
        private final int[] equal;
        private final int[] equalBefore;
        private final PartnerPlaces.Counts places;

        Counts(RankCounter to, int queries) {
            this.to = to;
            this.above = new int[queries];
            this.equal = new int[queries];
            this.equalBefore = new int[queries];
            this.places = to.places.counts();
        }

        void see(int query, int candidate, float score) {
            float partner = to.best[query];
            places.see(query, candidate, score);
            if (score > partner) {
                above[query]++;
            } else if (score == partner) {
                equal[query]++;
                if (candidate < to.bestIndex[query]) {
                    equalBefore[query]++;
                }
            }
        }

        void addUp() {
            for (int q = 0; q < above.length; q++) {
                to.above.addAndGet(q, above[q]);
                to.equal.addAndGet(q, equal[q]);
                to.equalBefore.addAndGet(q, equalBefore[q]);
            }
            places.addUp();
        }
    }

    /** The ranks, once everything is counted. */
    RetrievalScores.Direction direction() {
        Map<TieRule, Ranks> ranks = new EnumMap<>(TieRule.class);
        for (TieRule rule : TieRule.values()) {
            int[] values = new int[best.length];
            for (int q = 0; q < values.length; q++) {
                values[q] = 1 + above.get(q) + tiesBefore(q, rule);
            }
            ranks.put(rule, new Ranks(values));
        }
        int[] clusters = new int[best.length];
        for (int q = 0; q < clusters.length; q++) {
            clusters[q] = partners[q][0];
        }
        return new RetrievalScores.Direction(ranks, places.ranks(), clusters);
    }

    private int tiesBefore(int query, TieRule rule) {
        return switch (rule) {
            case STABLE -> equalBefore.get(query);
            case OPTIMISTIC -> 0;
            case PESSIMISTIC -> equal.get(query) - tiedPartners[query];
        };
    }
}
