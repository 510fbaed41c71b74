package io.cospace.encoder.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {

    @Test
    void dot_is_the_sum_of_products() {
        assertThat(Vectors.dot(new float[] {1, 2, 3}, new float[] {4, -5, 6})).isEqualTo(12);
    }

    @Test
    void dot_refuses_vectors_of_different_length() {
        assertThatThrownBy(() -> Vectors.dot(new float[2], new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vectors have 2 and 3 dimensions");
    }

    @Test
    void normalise_keeps_the_direction_and_the_argument() {
        float[] vector = {3, 0, -4};

        assertThat(Vectors.normalise(vector)).containsExactly(0.6f, 0, -0.8f);
        assertThat(vector).containsExactly(3, 0, -4);
    }

    @ParameterizedTest
    @ValueSource(floats = {1e-30f, 1e30f})
    void normalise_neither_overflows_nor_underflows(float value) {
        assertThat(Vectors.normalise(new float[] {value, value})[0])
                .isCloseTo((float) Math.sqrt(0.5), within(1e-7f));
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void normalise_refuses_a_vector_without_direction(float value) {
        float[] vector = {0, value};

        assertThat(Vectors.hasDirection(vector)).isFalse();
        assertThatThrownBy(() -> Vectors.normalise(vector))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageEndingWith("has no direction");
    }

    @Test
    void truncate_cuts_and_normalises_again() {
        assertThat(Vectors.truncate(new float[] {0.3f, 0.4f, 0.866f}, 2))
                .containsExactly(0.6f, 0.8f);
        assertThat(Vectors.truncate(new float[] {0.6f, 0.8f}, 2)).containsExactly(0.6f, 0.8f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4})
    void truncate_refuses_a_length_that_is_not_there(int dimensions) {
        assertThatThrownBy(() -> Vectors.truncate(new float[] {1, 0, 0}, dimensions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimensions is " + dimensions + "; must be 1..3");
    }
}
