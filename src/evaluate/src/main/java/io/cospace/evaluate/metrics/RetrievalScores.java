package io.cospace.evaluate.metrics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Retrieval between images and captions: how high each query's own partner ranks.
 *
 * @param imageToText queries are images, candidates all captions
 * @param textToImage queries are captions, candidates all images
 */
public record RetrievalScores(Direction imageToText, Direction textToImage) {
    /** The ranks of one direction under each tie rule. */
    public static final class Direction {
        private final Map<TieRule, Ranks> ranks;
        private final int[][] partnerRanks;
        private final int[] clusters;

        Direction(Map<TieRule, Ranks> ranks, int[][] partnerRanks, int[] clusters) {
            this.ranks = new EnumMap<>(ranks);
            this.partnerRanks = partnerRanks;
            this.clusters = clusters;
        }

        /** The ranks by the rule of record, {@link TieRule#STABLE}. */
        public Ranks ranks() {
            return ranks(TieRule.STABLE);
        }

        /** The ranks by a rule. */
        public Ranks ranks(TieRule rule) {
            return Objects.requireNonNull(ranks.get(rule));
        }

        /**
         * By query, NDCG of the first {@code k} candidates by {@link TieRule#STABLE}, every partner
         * with gain 1 (Järvelin, Kekäläinen 2002): unlike R@k it sees whether all partners of a
         * query stand high.
         */
        public double[] ndcg(int k) {
            return Arrays.stream(partnerRanks).mapToDouble(own -> ndcg(own, k)).toArray();
        }

        private static double ndcg(int[] own, int k) {
            double reached = 0;
            double best = 0;
            for (int i = 0; i < own.length; i++) {
                reached += own[i] <= k ? 1 / Math.log(own[i] + 1.0) : 0;
                best += i < k ? 1 / Math.log(i + 2.0) : 0;
            }
            return reached / best;
        }

        /** How many queries there are. */
        public int queries() {
            return clusters.length;
        }

        /**
         * By query, the index of its first partner: queries that share one (the captions of an
         * image, the drawings of an emoji) are no independent draws, and are resampled together.
         */
        public int[] clusters() {
            return clusters.clone();
        }

        /** R@k with an interval, 0 to 1. */
        public Interval recallInterval(int k, Bootstrap bootstrap) {
            return bootstrap.interval(ranks().hits(k), clusters);
        }

        /** The mean of {@link #ndcg} with an interval, 0 to 1. */
        public Interval ndcgInterval(int k, Bootstrap bootstrap) {
            return bootstrap.interval(ndcg(k), clusters);
        }
    }

    /**
     * Scores all images against all captions by dot product, on all cores; the vectors should be
     * unit vectors. Memory: a few integers a query; time: images x captions x dimensions.
     *
     * @throws IllegalArgumentException if the sets and the relevance do not fit each other
     */
    public static RetrievalScores of(VectorSet images, VectorSet captions, Relevance relevance) {
        if (images.size() != relevance.images() || captions.size() != relevance.captions()) {
            throw new IllegalArgumentException(
                    "relevance of %d images and %d captions does not fit %d and %d vectors"
                            .formatted(
                                    relevance.images(),
                                    relevance.captions(),
                                    images.size(),
                                    captions.size()));
        }
        if (images.dimensions() != captions.dimensions()) {
            throw new IllegalArgumentException(
                    "image vectors have %d dimensions, caption vectors %d"
                            .formatted(images.dimensions(), captions.dimensions()));
        }
        RankCounter ofImages = new RankCounter(images, captions, relevance.captionsOfImage());
        RankCounter ofCaptions = new RankCounter(captions, images, relevance.imagesOfCaption());
        RankCounter.count(images, captions, ofImages, ofCaptions);
        return new RetrievalScores(ofImages.direction(), ofCaptions.direction());
    }
}
