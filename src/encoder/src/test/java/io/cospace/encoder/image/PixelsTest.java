package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PixelsTest {
    private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /** Side 37: planes that are no multiple of what is looked up at a time. */
    @Test
    void are_the_floats_of_the_normalisation_to_the_bit() {
        int side = 37;
        byte[] rgb = new byte[3 * side * side];
        new Random(1).nextBytes(rgb);
        Preprocessing preprocessing =
                new Preprocessing(
                        side,
                        Resize.SQUASH,
                        side,
                        Interpolation.BICUBIC,
                        1 / 255.0,
                        MEAN,
                        STD,
                        null);
        float[] expected = new float[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            int c = i % 3;
            expected[c * side * side + i / 3] =
                    (float) (((rgb[i] & 0xff) * (1 / 255.0) - MEAN.get(c)) / STD.get(c));
        }

        Pixels pixels = new ImagePreprocessor(preprocessing).apply(new RgbImage(side, side, rgb));

        assertThat(floats(pixels.values())).isEqualTo(expected);
        assertThat(pixels.heldBytes()).isEqualTo(3 * side * side);
    }

    @Test
    void of_both_forms_fill_a_batch_one_after_the_other() {
        float[] table = new float[3 * Pixels.LEVELS];
        for (int i = 0; i < table.length; i++) {
            table[i] = i;
        }
        Pixels bytes = Pixels.ofLevels(1, 2, new byte[] {0, -1, 1, -2, 2, -128}, table);
        Pixels plain =
                new Pixels(1, 2, FloatBuffer.wrap(new float[] {.1f, .2f, .3f, .4f, .5f, .6f}));
        FloatBuffer batch =
                ByteBuffer.allocateDirect(18 * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();

        List.of(bytes, plain, bytes).forEach(pixels -> pixels.copyTo(batch));

        assertThat(floats(batch.flip()))
                .containsExactly(
                        0, 255, 257, 510, 514, 640, .1f, .2f, .3f, .4f, .5f, .6f, 0, 255, 257, 510,
                        514, 640);
        assertThat(plain.heldBytes()).isEqualTo(24);
        assertThat(bytes.values().isReadOnly()).isTrue();
    }

    @Test
    void refuse_counts_that_do_not_fit() {
        assertThatThrownBy(() -> Pixels.ofLevels(2, 2, new byte[11], new float[768]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pixels [3, 2, 2] cannot have 11 values");
        assertThatThrownBy(() -> Pixels.ofLevels(2, 2, new byte[12], new float[256]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("table has 256 values; must have 768");
    }

    private static float[] floats(FloatBuffer values) {
        float[] floats = new float[values.remaining()];
        values.get(floats);
        return floats;
    }
}
