package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.text.TokenizedText;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BulkTest {
    @Test
    void vectors_come_in_the_order_of_the_texts() {
        List<TokenizedText> texts = texts(1000);

        List<float[]> vectors = new Bulk(3).texts(texts, BulkTest::first, done -> {});

        assertThat(vectors).hasSize(1000);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(vectors.get(i)).containsExactly(texts.get(i).id(0));
        }
    }

    @Test
    void which_texts_share_a_batch_does_not_depend_on_the_threads() {
        assertThat(batches(4))
                .containsExactlyInAnyOrderElementsOf(batches(1))
                .hasSizeGreaterThan(10);
    }

    @Test
    void a_batch_padded_to_its_longest_text_stays_within_the_budget() {
        for (List<Integer> batch : batches(1)) {
            int longest =
                    batch.stream()
                            .mapToInt(Integer::intValue)
                            .map(id -> 1 + id % 97)
                            .max()
                            .orElseThrow();
            assertThat(longest * batch.size()).isLessThanOrEqualTo(512);
        }
    }

    @Test
    void pictures_come_in_their_order_in_batches_of_eight() {
        List<byte[]> images = IntStream.range(0, 21).mapToObj(i -> new byte[] {(byte) i}).toList();
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());

        List<float[]> vectors =
                new Bulk(2)
                        .images(
                                images,
                                image ->
                                        new Pixels(
                                                1,
                                                1,
                                                FloatBuffer.wrap(new float[] {image[0], 0, 0})),
                                batch -> {
                                    sizes.add(batch.size());
                                    return batch.stream()
                                            .map(pixels -> new float[] {pixels.values().get(0)})
                                            .toList();
                                },
                                done -> {});

        assertThat(vectors)
                .extracting(vector -> (int) vector[0])
                .containsExactlyElementsOf(IntStream.range(0, 21).boxed().toList());
        assertThat(sizes).containsExactlyInAnyOrder(8, 8, 5);
    }

    @Test
    void a_failure_of_a_batch_is_the_failure_of_the_run() {
        assertThatThrownBy(() ->
                        new Bulk(2)
                                .texts(
                                        texts(10),
                                        batch -> {
                                            throw new IllegalStateException("no");
                                        },
                                        done -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");
    }

    @Test
    void progress_is_told_every_two_thousand() {
        List<Integer> told = new ArrayList<>();

        new Bulk(2).texts(texts(5000), BulkTest::first, told::add);

        assertThat(told).hasSize(2).allMatch(done -> done >= 2000).isSorted();
    }

    /** The ids of each batch, in any order of batches. */
    private static List<List<Integer>> batches(int threads) {
        List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
        new Bulk(threads)
                .texts(
                        texts(1000),
                        batch -> {
                            batches.add(batch.stream().map(text -> text.id(0)).toList());
                            return first(batch);
                        },
                        done -> {});
        return batches;
    }

    private static List<float[]> first(List<TokenizedText> batch) {
        return batch.stream().map(text -> new float[] {text.id(0)}).toList();
    }

    /** Text i has 1 + i mod 97 tokens, the first of them i. */
    private static List<TokenizedText> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int[] ids = new int[1 + i % 97];
                    ids[0] = i;
                    return new TokenizedText(
                            ids, new int[ids.length], new int[ids.length], 0, ids.length);
                })
                .toList();
    }
}
