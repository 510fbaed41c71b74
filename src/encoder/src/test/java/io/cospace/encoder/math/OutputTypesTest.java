package io.cospace.encoder.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.math.OutputTypes.Ranges;
import org.junit.jupiter.api.Test;

class OutputTypesTest {

    private static final Ranges RANGES =
            new Ranges(new float[] {-1, -1, -1, 0}, new float[] {1, 1, 1, 0});

    /** numpy: ((x + 1) / (2 / 255)).astype(uint8) of -1, 0, 1 is 0, 127, 254 in float32. */
    @Test
    void uint8_counts_steps_from_the_smallest_value() {
        assertThat(OutputTypes.uint8(new float[] {-1, 0, 1, 0}, RANGES))
                .containsExactly(0, 127, (byte) 254, 0);
    }

    /** numpy: ((x + 1) / (2 / 255) - 128).astype(int8) of -1, 0, 1 is -128, 0 (from -0.5), 126. */
    @Test
    void int8_rounds_towards_zero_as_the_reference_does() {
        assertThat(OutputTypes.int8(new float[] {-1, 0, 1, 0}, RANGES))
                .containsExactly(-128, 0, 126, -128);
    }

    @Test
    void values_outside_the_range_stay_at_its_ends() {
        assertThat(OutputTypes.uint8(new float[] {-7, 7, Float.NaN, 5}, RANGES))
                .containsExactly(0, (byte) 255, 0, 0);
        assertThat(OutputTypes.int8(new float[] {-7, 7, 0, 5}, RANGES))
                .containsExactly(-128, 127, 0, -128);
    }

    /** numpy: packbits(x > 0) of these nine values is 0b10100001, 0b10000000. */
    @Test
    void ubinary_packs_the_first_dimension_into_the_highest_bit() {
        float[] vector = {1, -1, 0.5f, 0, -0f, -2, -3, 4, 5};

        assertThat(OutputTypes.ubinary(vector, null))
                .containsExactly((byte) 0b1010_0001, (byte) 0b1000_0000);
        assertThat(OutputTypes.binary(vector, null)).containsExactly(0b1010_0001 - 128, 0);
    }

    @Test
    void thresholds_take_the_place_of_zero() {
        assertThat(OutputTypes.ubinary(new float[] {1, 1}, new float[] {0.5f, 1}))
                .containsExactly((byte) 0b1000_0000);
    }

    @Test
    void base64_is_little_endian_and_comes_back() {
        assertThat(OutputTypes.base64(new float[] {1})).isEqualTo("AACAPw==");
        float[] vector = {0.25f, Float.NaN, -0f, Float.MIN_VALUE};
        assertThat(OutputTypes.fromBase64(OutputTypes.base64(vector))).containsExactly(vector);
    }

    @Test
    void refuses_what_does_not_fit() {
        assertThatThrownBy(() -> OutputTypes.int8(new float[2], RANGES))
                .hasMessage("vector has 2 dimensions, ranges have 4");
        assertThatThrownBy(() -> OutputTypes.binary(new float[2], new float[1]))
                .hasMessage("vector has 2 dimensions, thresholds have 1");
        assertThatThrownBy(() -> OutputTypes.fromBase64("AAAA"))
                .hasMessage("3 bytes are not whole float32 values");
        assertThatThrownBy(() -> OutputTypes.fromBase64("%"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ranges(new float[] {1}, new float[] {0}))
                .hasMessage("range 0 is 1.0..0.0");
        assertThatThrownBy(() -> new Ranges(new float[] {0}, new float[] {Float.NaN}))
                .hasMessage("range 0 is 0.0..NaN");
    }
}
