package io.cospace.evaluate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RetrievalScoresTest {
    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void any_image_of_a_shared_caption_counts() {
        // Two drawings of a and one of b; the caption of a is nearest to b, then to drawing 1.
        VectorSet images = VectorSet.of(List.of(unit(0), unit(40), unit(90)));
        VectorSet captions = VectorSet.of(List.of(unit(70), unit(95)));
        Relevance relevance = Relevance.of(new int[][] {{0}, {0}, {1}}, 2);
        RetrievalScores scores = RetrievalScores.of(images, captions, relevance);
        assertThat(scores.textToImage().ranks().values()).containsExactly(2, 1);
        assertThat(scores.imageToText().ranks().values()).containsExactly(1, 1, 1);
        assertThat(scores.imageToText().clusters()).containsExactly(0, 0, 1);
        assertThat(scores.textToImage().clusters()).containsExactly(0, 2);
        assertThat(scores.textToImage().ranks().recall(1)).isEqualTo(0.5);
    }

    /** Acceptance test 9 of the recipes. */
    @Test
    void one_of_five_captions_in_the_first_place_is_a_hit_and_one_to_one_knows_the_first_only() {
        // The first image's third caption is nearest to it, its first one behind the other image's.
        VectorSet images = VectorSet.of(List.of(unit(0), unit(90)));
        List<float[]> captions =
                List.of(
                        unit(50), unit(60), unit(1), unit(70), unit(80), unit(40), unit(91),
                        unit(92), unit(93), unit(94));
        Relevance five = Relevance.ofOwners(new int[] {0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, 2);
        RetrievalScores flickr = RetrievalScores.of(images, VectorSet.of(captions), five);
        assertThat(flickr.imageToText().ranks().values()).containsExactly(1, 1);
        VectorSet first = VectorSet.of(List.of(captions.get(0), captions.get(5)));
        RetrievalScores single =
                RetrievalScores.of(images, first, Relevance.ofOwners(new int[] {0, 1}, 2));
        assertThat(single.imageToText().ranks().values()).containsExactly(2, 2);
        assertThat(single.imageToText().ranks().recall(1)).isZero();
    }

    /** More rows than a task and more columns than a tile, with odd rests and many ties. */
    @Test
    void equals_sorting_all_scores() {
        int images = 300;
        int captions = 700;
        VectorSet imageVectors = coarse(images, 13);
        VectorSet captionVectors = coarse(captions, 13);
        int[][] captionsOfImage = new int[images][];
        for (int i = 0; i < images; i++) {
            captionsOfImage[i] = new int[] {i, 300 + i, 600 + i % 100, random.nextInt(captions)};
        }
        Relevance relevance = Relevance.of(captionsOfImage, captions);
        RetrievalScores scores = RetrievalScores.of(imageVectors, captionVectors, relevance);
        for (TieRule rule : TieRule.values()) {
            assertThat(scores.imageToText().ranks(rule).values())
                    .isEqualTo(
                            sorted(
                                    imageVectors,
                                    captionVectors,
                                    relevance.captionsOfImage(),
                                    rule));
            assertThat(scores.textToImage().ranks(rule).values())
                    .isEqualTo(
                            sorted(
                                    captionVectors,
                                    imageVectors,
                                    relevance.imagesOfCaption(),
                                    rule));
        }
    }

    @Test
    void ndcg_equals_the_one_of_whole_lists() {
        VectorSet images = coarse(150, 13);
        VectorSet captions = coarse(300, 13);
        int[][] captionsOfImage = new int[150][];
        for (int i = 0; i < captionsOfImage.length; i++) {
            captionsOfImage[i] = new int[] {i, 150 + i, random.nextInt(300), (i + 7) % 300};
        }
        Relevance relevance = Relevance.of(captionsOfImage, 300);
        RetrievalScores scores = RetrievalScores.of(images, captions, relevance);
        double[] ofImages = scores.imageToText().ndcg(10);
        double[] ofCaptions = scores.textToImage().ndcg(3);
        for (int q = 0; q < ofImages.length; q++) {
            RankedList list = list(q, images, captions, relevance.captionsOfImage()[q]);
            assertThat(ofImages[q]).isCloseTo(list.ndcg(10, RankedList.Gain.LINEAR), within(1e-12));
        }
        for (int q = 0; q < ofCaptions.length; q++) {
            RankedList list = list(q, captions, images, relevance.imagesOfCaption()[q]);
            assertThat(ofCaptions[q])
                    .isCloseTo(list.ndcg(3, RankedList.Gain.LINEAR), within(1e-12));
        }
        assertThat(scores.imageToText().ndcgInterval(10, Bootstrap.DEFAULT).mean())
                .isCloseTo(Arrays.stream(ofImages).average().orElseThrow(), within(1e-12));
    }

    private static RankedList list(
            int query, VectorSet queries, VectorSet candidates, int[] partners) {
        double[] scores = new double[candidates.size()];
        Arrays.setAll(scores, c -> dot(query, queries, candidates).applyAsDouble(c));
        int[] grades = new int[candidates.size()];
        Arrays.stream(partners).forEach(p -> grades[p] = 1);
        return RankedList.of(scores, grades);
    }

    private static int[] sorted(
            VectorSet queries, VectorSet candidates, int[][] partners, TieRule rule) {
        int[] ranks = new int[queries.size()];
        for (int q = 0; q < ranks.length; q++) {
            List<Integer> own = Arrays.stream(partners[q]).boxed().toList();
            double best = own.stream().mapToDouble(dot(q, queries, candidates)).max().orElseThrow();
            int rank = 1;
            boolean met = false;
            for (int c = 0; c < candidates.size(); c++) {
                double score = dot(q, queries, candidates).applyAsDouble(c);
                met |= score == best && own.contains(c);
                boolean before =
                        switch (rule) {
                            case STABLE -> score > best || (score == best && !met);
                            case OPTIMISTIC -> score > best;
                            case PESSIMISTIC -> score >= best && !own.contains(c);
                        };
                rank += before ? 1 : 0;
            }
            ranks[q] = rank;
        }
        return ranks;
    }

    private static ToDoubleFunction<Integer> dot(
            int query, VectorSet queries, VectorSet candidates) {
        float[] a = queries.row(query);
        return c -> {
            float[] b = candidates.row(c);
            double sum = 0;
            for (int k = 0; k < a.length; k++) {
                sum += a[k] * b[k];
            }
            return sum;
        };
    }

    /** Values in quarters, so that every sum is exact in any order and ties are common. */
    private VectorSet coarse(int size, int dimensions) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] row = new float[dimensions];
            for (int k = 0; k < dimensions; k++) {
                row[k] = random.nextInt(-2, 3) / 4f;
            }
            rows.add(row);
        }
        return VectorSet.of(rows);
    }

    @Test
    void equal_vectors_tie_wherever_they_stand() {
        List<float[]> captions = new ArrayList<>();
        float[] same = new float[77];
        for (int k = 0; k < same.length; k++) {
            same[k] = (float) random.nextDouble(-1, 1);
        }
        for (int i = 0; i < 600; i++) {
            captions.add(same.clone());
        }
        int[] owners = new int[600];
        Arrays.setAll(owners, i -> i % 2);
        VectorSet images = VectorSet.of(List.of(same, same));
        RetrievalScores scores =
                RetrievalScores.of(images, VectorSet.of(captions), Relevance.ofOwners(owners, 2));
        assertThat(scores.imageToText().ranks(TieRule.STABLE).values()).containsExactly(1, 2);
        assertThat(scores.imageToText().ranks(TieRule.PESSIMISTIC).values())
                .containsExactly(301, 301);
    }

    @Test
    void refuses_what_does_not_fit() {
        VectorSet two = VectorSet.of(List.of(unit(0), unit(1)));
        Relevance one = Relevance.ofOwners(new int[] {0}, 1);
        assertThatThrownBy(() -> RetrievalScores.of(two, two, one))
                .hasMessage("relevance of 1 images and 1 captions does not fit 2 and 2 vectors");
        VectorSet three = VectorSet.of(List.of(new float[3]));
        VectorSet single = VectorSet.of(List.of(unit(0)));
        assertThatThrownBy(() -> RetrievalScores.of(single, three, one))
                .hasMessage("image vectors have 2 dimensions, caption vectors 3");
        assertThatThrownBy(() -> Relevance.of(new int[][] {{0}, {}}, 1))
                .hasMessage("image 1 has no caption");
        assertThatThrownBy(() -> Relevance.of(new int[][] {{0}}, 2))
                .hasMessage("caption 1 has no image");
        assertThatThrownBy(() -> Relevance.of(new int[][] {{2}}, 2))
                .hasMessage("image 0 has caption 2 of 2");
        assertThatThrownBy(() -> VectorSet.of(List.of(new float[] {Float.NaN})))
                .hasMessage("vector 0 holds NaN");
        assertThatThrownBy(() -> VectorSet.of(List.of(unit(0), new float[3])))
                .hasMessage("vector 1 has 3 values, vector 0 2");
    }

    @Test
    void truncated_vectors_have_length_one_again() {
        VectorSet set = VectorSet.of(List.of(new float[] {3, 4, 12}, new float[] {0, 0, 1}));
        VectorSet cut = set.truncated(2);
        assertThat(cut.row(0)).containsExactly(0.6f, 0.8f);
        assertThat(cut.row(1)).containsExactly(0, 0);
        assertThat(set.select(new int[] {1, 0, 1}).row(2)).containsExactly(0, 0, 1);
        assertThatThrownBy(() -> set.truncated(4))
                .hasMessage("cannot cut vectors of 3 values to 4");
    }

    private static float[] unit(double degrees) {
        double radians = Math.toRadians(degrees);
        return new float[] {(float) Math.cos(radians), (float) Math.sin(radians)};
    }
}
