package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What holds for every encoder of either modality, at every precision that may be a default.
 *
 * @param <I> a prepared input
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 300, unit = TimeUnit.SECONDS)
abstract class EncoderContract<I> {

    /**
     * Vectors of one input, alone and in company or by either width, differ by no more than
     * rounding.
     */
    static final double SAME = 0.99999;

    /** At least 8 prepared inputs of different kinds and lengths, all different. */
    abstract List<I> inputs();

    abstract List<float[]> embed(List<I> batch, Width width);

    abstract int dimensions();

    @ParameterizedTest
    @EnumSource
    void every_vector_has_length_one_and_the_manifests_dimensions(Width width) {
        for (float[] vector : embed(inputs(), width)) {
            assertThat(vector).hasSize(dimensions());
            assertThat(Vectors.norm(vector)).isCloseTo(1, within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_input_has_the_same_vector_alone_and_in_any_company(Width width) {
        List<float[]> alone = alone();
        Random random = new Random(7);
        for (int round = 0; round < 10; round++) {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, inputs().size()).boxed().toList());
            Collections.shuffle(order, random);
            order = order.subList(0, 1 + random.nextInt(order.size()));

            List<float[]> together = embed(order.stream().map(inputs()::get).toList(), width);

            for (int slot = 0; slot < order.size(); slot++) {
                assertThat(Vectors.dot(together.get(slot), alone.get(order.get(slot))))
                        .as("input %d in slot %d of %d", order.get(slot), slot, order.size())
                        .isGreaterThan(SAME);
            }
        }
    }

    @Test
    void different_inputs_have_different_vectors() {
        List<float[]> alone = alone();
        for (int i = 0; i < alone.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(Vectors.dot(alone.get(i), alone.get(j)))
                        .as("%d and %d", i, j)
                        .isLessThan(SAME);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_same_batch_gives_the_same_bits_again(Width width) {
        List<float[]> first = embed(inputs(), width);
        embed(inputs().subList(0, 3), width);

        assertThat(embed(inputs(), width)).containsExactly(first.toArray(float[][]::new));
    }

    @Test
    void many_threads_get_what_one_gets() {
        List<float[]> one = alone();

        List<Double> cosines =
                IntStream.range(0, 100)
                        .parallel()
                        .mapToObj(i -> {
                            int input = i % one.size();
                            Width width = i % 2 == 0 ? Width.NARROW : Width.WIDE;
                            float[] vector = embed(List.of(inputs().get(input)), width).getFirst();
                            return Vectors.dot(vector, one.get(input));
                        })
                        .toList();

        assertThat(cosines).allMatch(cosine -> cosine > SAME);
    }

    @ParameterizedTest
    @EnumSource
    void an_empty_batch_gives_nothing(Width width) {
        assertThat(embed(List.of(), width)).isEmpty();
    }

    private List<float[]> alone() {
        return inputs().stream()
                .map(input -> embed(List.of(input), Width.NARROW).getFirst())
                .toList();
    }
}
