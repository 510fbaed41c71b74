package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.Pair;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TruncationTest {
    @Test
    void a_size_is_offered_when_every_group_and_direction_keeps_enough() {
        List<Truncation.Row> rows =
                List.of(
                        new Truncation.Row("a", 32, 0.47, 0.50),
                        new Truncation.Row("a", 64, 0.48, 0.50),
                        new Truncation.Row("a", 128, 0.50, 0.51),
                        new Truncation.Row("a", 384, 0.50, 0.50),
                        new Truncation.Row("b", 32, 0.10, 0.10),
                        new Truncation.Row("b", 64, 0.10, 0.089),
                        new Truncation.Row("b", 128, 0.10, 0.09),
                        new Truncation.Row("b", 384, 0.10, 0.10));

        // 32 loses three points on a; 64 loses more than a tenth of b; 128 loses exactly a tenth.
        assertThat(Truncation.acceptable(rows, 384)).containsExactly(128);
    }

    @Test
    void measures_what_is_lost_by_cutting() {
        // 64 pictures and captions that differ in dimension 32 + i only: cut to 32 they are all
        // alike.
        List<Pair> pairs =
                IntStream.range(0, 64)
                        .mapToObj(i ->
                                new Pair(
                                        "" + i,
                                        new byte[] {1},
                                        List.of(Caption.of("c" + i)),
                                        Map.of()))
                        .toList();
        LabelledVectors group =
                LabelledVectors.of(
                        "group",
                        pairs,
                        pair -> oneHot(Integer.parseInt(pair.key())),
                        caption -> oneHot(Integer.parseInt(caption.substring(1))));

        List<Truncation.Row> rows = Truncation.measure(List.of(group));

        assertThat(rows).extracting(Truncation.Row::dimensions).containsExactly(32, 48, 64, 96);
        assertThat(rows.getLast()).isEqualTo(new Truncation.Row("group", 96, 1, 1));
        // The order of equal scores is that of the data: ten of 64 find their own among the first
        // ten.
        assertThat(rows.getFirst())
                .isEqualTo(new Truncation.Row("group", 32, 10 / 64.0, 10 / 64.0));
        assertThat(Truncation.acceptable(rows, 96)).isEmpty();
    }

    @Test
    void pictures_with_one_caption_share_a_candidate() {
        List<Pair> pairs =
                List.of(
                        new Pair("0", new byte[] {1}, List.of(Caption.of("same")), Map.of()),
                        new Pair("1", new byte[] {1}, List.of(Caption.of("same")), Map.of()),
                        new Pair("2", new byte[] {1}, List.of(Caption.of("other")), Map.of()));

        LabelledVectors group =
                LabelledVectors.of(
                        "group",
                        pairs,
                        pair -> oneHot(Integer.parseInt(pair.key())),
                        caption -> oneHot(caption.equals("same") ? 1 : 2));

        assertThat(group.images().size()).isEqualTo(3);
        assertThat(group.captions().size()).isEqualTo(2);
        assertThat(group.scores(96).textToImage().ranks().recall(1)).isEqualTo(1);
    }

    private static float[] oneHot(int index) {
        float[] vector = new float[96];
        vector[0] = 0.01f;
        vector[32 + index] = 1;
        return vector;
    }
}
