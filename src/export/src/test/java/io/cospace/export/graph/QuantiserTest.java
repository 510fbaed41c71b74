package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class QuantiserTest {
    @Test
    void stays_within_half_a_step_of_every_weight_and_transposes() {
        int out = 130;
        int in = 70;
        float[] matrix = EfficientNetLiteTest.random(new SplittableRandom(4), out * in, 1);
        float[] scales = Quantiser.scales(matrix, out);
        byte[] codes = Quantiser.codes(matrix, scales);
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                float back = codes[i * out + o] * scales[o];
                assertThat(back).isCloseTo(matrix[o * in + i], within(0.501f * scales[o]));
            }
        }
    }

    @Test
    void uses_the_whole_range_of_each_output() {
        float[] matrix = {1, -4, 0.5f, 0.01f};
        assertThat(Quantiser.scales(matrix, 2)).containsExactly(4 / 127f, 0.5f / 127f);
        assertThat(Quantiser.codes(matrix, Quantiser.scales(matrix, 2)))
                .containsExactly(32, 127, -127, 3);
    }

    @Test
    void gives_zeros_for_an_output_of_zeros() {
        assertThat(Quantiser.codes(new float[3], Quantiser.scales(new float[3], 1)))
                .containsExactly(0, 0, 0);
    }
}
