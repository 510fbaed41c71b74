package io.cospace.evaluate.metrics;

import java.util.Comparator;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * Counts where every partner of a query stands, equal scores by ascending index. The partners of a
 * query are put in their order first; a candidate then stands before all partners from some place
 * on, and only that place is counted: the rank of a partner is the sum of the counts up to it. Most
 * candidates stand behind all partners and cost one comparison.
 */
final class PartnerPlaces {
    private final int[][] order; // by query, its partners from the best down
    private final float[][] scores; // of these
    private final int[] first; // by query, where its counts begin
    private final AtomicIntegerArray before;

    PartnerPlaces(VectorSet queries, VectorSet candidates, int[][] partners) {
        int n = partners.length;
        this.order = new int[n][];
        this.scores = new float[n][];
        this.first = new int[n + 1];
        for (int q = 0; q < n; q++) {
            first[q + 1] = first[q] + partners[q].length;
        }
        this.before = new AtomicIntegerArray(first[n]);
        IntStream.range(0, n).parallel().forEach(q -> sort(q, queries, candidates, partners[q]));
    }

    private void sort(int query, VectorSet queries, VectorSet candidates, int[] partners) {
        float[] own = new float[partners.length];
        for (int p = 0; p < own.length; p++) {
            own[p] = queries.dot(query, candidates, partners[p]);
        }
        // Partners come ascending and the sort is stable; + 0.0f makes both zeros equal.
        int[] places =
                IntStream.range(0, own.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(p -> -own[p] + 0.0f))
                        .mapToInt(Integer::intValue)
                        .toArray();
        order[query] = IntStream.of(places).map(p -> partners[p]).toArray();
        scores[query] = new float[own.length];
        for (int p = 0; p < own.length; p++) {
            scores[query][p] = own[places[p]];
        }
    }

    /** Counts of one task, added to the shared ones at its end. */
    Counts counts() {
        return new Counts(this);
    }

    /** See {@link #counts}. */
    static final class Counts {
        private final PartnerPlaces to;
        private final int[] before;

        private Counts(PartnerPlaces to) {
            this.to = to;
            this.before = new int[to.before.length()];
        }

        void see(int query, int candidate, float score) {
            float[] own = to.scores[query];
            int place = own.length;
            while (place > 0 && standsBefore(query, place - 1, candidate, score)) {
                place--;
            }
            if (place < own.length) {
                before[to.first[query] + place]++;
            }
        }

        private boolean standsBefore(int query, int place, int candidate, float score) {
            float partner = to.scores[query][place];
            return score > partner || (score == partner && candidate < to.order[query][place]);
        }

        void addUp() {
            for (int i = 0; i < before.length; i++) {
                to.before.addAndGet(i, before[i]);
            }
        }
    }

    /** By query, the ranks of its partners from 1, ascending. */
    int[][] ranks() {
        int[][] ranks = new int[order.length][];
        for (int q = 0; q < ranks.length; q++) {
            ranks[q] = new int[order[q].length];
            int rank = 1;
            for (int p = 0; p < ranks[q].length; p++) {
                rank += before.get(first[q] + p);
                ranks[q][p] = rank;
            }
        }
        return ranks;
    }
}
