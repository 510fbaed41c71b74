package io.cospace.evaluate.metrics;

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
        private final int[] clusters;

        Direction(Map<TieRule, Ranks> ranks, int[] clusters) {
            this.ranks = new EnumMap<>(ranks);
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
