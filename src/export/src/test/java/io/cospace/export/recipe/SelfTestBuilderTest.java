package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.RgbImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SelfTestBuilderTest {
    private static final float[] IMAGE = {1, 0};

    /** A vector whose cosine to {@link #IMAGE} is {@code cosine}. */
    private static float[] at(double cosine) {
        return new float[] {(float) cosine, (float) Math.sqrt(1 - cosine * cosine)};
    }

    @Test
    void a_ranking_leaves_out_what_is_too_close_to_call() {
        List<float[]> texts = List.of(at(0.30), at(0.52), at(0.50), at(0.10), at(0.28), at(0.44));

        // .52, then .50 is too close, .44 is not; .30, then .28 is too close; .10.
        assertThat(SelfTestBuilder.ranking(IMAGE, texts)).containsExactly(1, 5, 0, 3);
    }

    @Test
    void builds_a_case_of_each_input_and_a_ranking_of_each_picture() {
        SelfTest test =
                SelfTestBuilder.build(
                        List.of("a", "b"),
                        List.of(at(0.1), at(0.9)),
                        List.of(new byte[] {1, 2, 3}),
                        List.of(IMAGE),
                        new SelfTest.Tolerances(
                                new TreeMap<>(Map.of("fp32", 0.9)),
                                new TreeMap<>(Map.of("fp32", 0.8))));

        assertThat(test.texts()).extracting(SelfTest.TextCase::text).containsExactly("a", "b");
        assertThat(test.texts().get(1).vector()).containsExactly(at(0.9));
        assertThat(test.images().getFirst().bytes()).containsExactly(1, 2, 3);
        assertThat(test.rankings()).containsExactly(List.of(1, 0));
        assertThat(test.minCosine().text()).containsEntry("fp32", 0.8);
    }

    @Test
    void a_thumbnail_is_the_mean_of_each_square_of_pixels() {
        // 130 x 4 pixels: a step of 3 brings it to 43 x 1; the last column and row are cut off.
        int width = 130;
        byte[] rgb = new byte[3 * width * 4];
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < width; x++) {
                rgb[3 * (y * width + x)] = (byte) (x % 3 == 0 ? 255 : 0);
                rgb[3 * (y * width + x) + 1] = (byte) (y == 1 ? 30 : 0);
                rgb[3 * (y * width + x) + 2] = (byte) 200;
            }
        }

        RgbImage small =
                new ImageDecoder(ImageLimits.defaults(), null)
                        .decode(SelfTestBuilder.thumbnail(new RgbImage(width, 4, rgb)));

        assertThat(small.width()).isEqualTo(43);
        assertThat(small.height()).isEqualTo(1);
        for (int x = 0; x < 43; x++) {
            assertThat(small.rgb()[3 * x] & 0xff).isEqualTo(85);
            assertThat(small.rgb()[3 * x + 1] & 0xff).isEqualTo(10);
            assertThat(small.rgb()[3 * x + 2] & 0xff).isEqualTo(200);
        }
    }
}
