package io.cospace.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.image.Pixels;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.recipe.TeacherIngredients.Space;
import io.cospace.training.align.Batch;
import io.cospace.training.align.Side;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SamplersTest {
    private static final Map<String, float[]> RAW =
            Map.of(
                    "one",
                    new float[] {3, 4},
                    "two",
                    new float[] {0, 2},
                    "three",
                    new float[] {1, 0});

    /** Places a text at its own direction; two classes. */
    private static final Space SPACE = new Space(RowSampler::unitSum, new float[] {1, 0, 0, 1}, 2);

    @Test
    void rows_are_drawn_by_their_weights_and_stand_where_the_teacher_has_them() {
        List<TextRows.Row> rows =
                List.of(
                        new TextRows.Row("one", List.of("two"), new int[0], .3),
                        new TextRows.Row("two", List.of(), new int[] {0}, .1),
                        new TextRows.Row("three", List.of("three"), new int[] {1}, .6));
        RowSampler sampler = new RowSampler(rows, RAW, SPACE, 7);
        int count = 3000;
        Batch batch = sampler.fill(new Batch(List.of()), Side.TEXT, count, 3);
        float[] inputs = values(batch.inputs());
        float[] targets = values(batch.targets());
        int[] drawn = new int[3];
        for (int i = 0; i < count; i++) {
            float[] input = {inputs[2 * i], inputs[2 * i + 1]};
            float[] target = {targets[2 * i], targets[2 * i + 1]};
            if (input[0] == 3) {
                drawn[0]++;
                assertThat(target).containsExactly(0, 1);
            } else if (input[0] == 0) {
                drawn[1]++;
                assertThat(target).containsExactly(1, 0);
            } else {
                drawn[2]++;
                // Half way between its own place and its class.
                assertThat(target[0]).isCloseTo((float) Math.sqrt(.5), within(1e-6f));
            }
        }
        assertThat(drawn[0] / (double) count).isCloseTo(.3, within(.03));
        assertThat(drawn[1] / (double) count).isCloseTo(.1, within(.03));
        Batch again =
                new RowSampler(rows, RAW, SPACE, 7).fill(new Batch(List.of()), Side.TEXT, count, 3);
        assertThat(values(again.inputs())).isEqualTo(inputs);
    }

    @Test
    void pairs_come_once_an_epoch_and_share_the_number_of_their_caption() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(
                    new Pair(
                            "k" + i,
                            new byte[0],
                            List.of(new Caption(i < 2 ? "one" : "two", "en")),
                            i == 0 ? Map.of("emoji", "1f600") : Map.of()));
        }
        Map<String, Emoji> emoji =
                Map.of("1f600", new Emoji("1f600", "x", Map.of("de", "three"), Map.of()));
        PairSampler sampler = new PairSampler(pairs, emoji, 5);
        assertThat(sampler.texts()).containsExactly("one", "three", "two");
        float[][] features = new float[6][];
        Arrays.setAll(features, i -> new float[] {i});
        TreeSet<String> keys = new TreeSet<>();
        for (int step = 0; step < 3; step++) {
            Batch batch = sampler.batch(step, 2, features, features, RAW);
            keys.addAll(batch.keys());
            assertThat(sampler.batch(step, 2, features, features, RAW).keys())
                    .isEqualTo(batch.keys());
        }
        assertThat(keys).hasSize(6);
        assertThat(
                        IntStream.range(3, 6)
                                .mapToObj(s -> sampler.batch(s, 2, features, features, RAW).keys())
                                .toList())
                .isNotEqualTo(
                        IntStream.range(0, 3)
                                .mapToObj(s -> sampler.batch(s, 2, features, features, RAW).keys())
                                .toList());
    }

    @Test
    void a_change_keeps_white_white_and_a_mirror_turns_columns_round() {
        float[] white = new float[3 * 8 * 8];
        Arrays.fill(white, 1);
        Pixels plain = new Pixels(8, 8, FloatBuffer.wrap(white));
        DrawingChange still = new DrawingChange(false, 0, .7, 1, 0, 1);
        float[] changed = new float[white.length];
        still.apply(plain).values().get(changed);
        assertThat(changed).isEqualTo(white);

        float[] ramp = new float[3 * 4 * 4];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = i % 4 / 8f;
        }
        float[] mirrored = new float[ramp.length];
        new DrawingChange(true, 0, 1, 1, 0, 1)
                .apply(new Pixels(4, 4, FloatBuffer.wrap(ramp)))
                .values()
                .get(mirrored);
        for (int i = 0; i < ramp.length; i++) {
            assertThat(mirrored[i]).isCloseTo(ramp[i / 4 * 4 + 3 - i % 4], within(1e-6f));
        }
        assertThat(DrawingChange.of(3, 1))
                .isEqualTo(DrawingChange.of(3, 1))
                .isNotEqualTo(DrawingChange.of(4, 1));
    }

    private static float[] values(Map<Side, Batch.Rows> sides) {
        return sides.get(Side.TEXT) instanceof Batch.Floats floats ? floats.values() : new float[0];
    }
}
