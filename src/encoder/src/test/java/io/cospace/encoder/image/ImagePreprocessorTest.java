package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.image.Preprocessing.Interpolation;
import io.cospace.encoder.image.Preprocessing.Resize;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ImagePreprocessorTest {
    private static final List<Double> ZERO = List.of(0.0, 0.0, 0.0);
    private static final List<Double> ONE = List.of(1.0, 1.0, 1.0);

    /** Values as they are, so that tensors read as pixels. */
    private static Preprocessing plain(int size, Resize resize, int crop) {
        return new Preprocessing(
                size, resize, crop, Interpolation.BICUBIC, 1, ZERO, ONE, List.of(9, 8, 7));
    }

    private static RgbImage noise(int width, int height, long seed) {
        byte[] rgb = new byte[width * height * 3];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    private static float[] values(Pixels pixels) {
        FloatBuffer batch = FloatBuffer.allocate(3 * pixels.height() * pixels.width());
        pixels.copyTo(batch);
        return batch.array();
    }

    @Test
    void leaves_a_picture_of_the_right_size_as_it_is_plane_by_plane() {
        byte[] rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, (byte) 200};

        Pixels pixels =
                new ImagePreprocessor(plain(2, Resize.SQUASH, 2)).apply(new RgbImage(2, 2, rgb));

        assertThat(values(pixels)).containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 200);
    }

    @Test
    void normalises_by_rescale_mean_and_std_of_the_channel() {
        Preprocessing preprocessing =
                new Preprocessing(
                        1,
                        Resize.SQUASH,
                        1,
                        Interpolation.BILINEAR,
                        0.1,
                        List.of(1.0, 2.0, 3.0),
                        List.of(2.0, 4.0, 8.0),
                        null);

        Pixels pixels =
                new ImagePreprocessor(preprocessing)
                        .apply(new RgbImage(1, 1, new byte[] {10, 100, (byte) 255}));

        assertThat(values(pixels)).containsExactly(new float[] {0f, 2f, 2.8125f}, within(1e-6f));
    }

    @Test
    void pads_the_shorter_side_with_the_background_on_both_sides() {
        byte[] row = new byte[4 * 3];
        Arrays.fill(row, (byte) 50);

        Pixels pixels =
                new ImagePreprocessor(plain(4, Resize.LONGEST, 4)).apply(new RgbImage(4, 1, row));

        float[] values = values(pixels);
        // One row of four: the odd one out of the three that are free is below.
        assertThat(Arrays.copyOfRange(values, 0, 16))
                .containsExactly(9, 9, 9, 9, 50, 50, 50, 50, 9, 9, 9, 9, 9, 9, 9, 9);
        assertThat(values[16]).isEqualTo(8);
        assertThat(values[32]).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(Resize.class)
    void takes_pictures_of_extreme_shapes(Resize resize) {
        ImagePreprocessor preprocessor = new ImagePreprocessor(plain(8, resize, 8));
        for (int[] size :
                new int[][] {
                    {1, 1}, {1, 20_000}, {20_000, 1}, {3, 2}, {8, 8}, {8, 9}, {9, 8}, {65_535, 2}
                }) {
            Pixels pixels = preprocessor.apply(noise(size[0], size[1], 1));
            assertThat(pixels.height()).isEqualTo(8);
            assertThat(pixels.width()).isEqualTo(8);
        }
    }

    @Test
    void gives_the_same_whatever_was_in_the_buffers_before() {
        ImagePreprocessor reused = new ImagePreprocessor(plain(13, Resize.SHORTEST, 11));
        for (int i = 0; i < 200; i++) {
            Random random = new Random(i);
            RgbImage image = noise(1 + random.nextInt(90), 1 + random.nextInt(90), i);
            Pixels fresh = new ImagePreprocessor(plain(13, Resize.SHORTEST, 11)).apply(image);
            assertThat(values(reused.apply(image))).as("%s", image).isEqualTo(values(fresh));
        }
    }

    @Test
    void crops_the_same_pixels_as_a_whole_resize_has_there() {
        RgbImage image = noise(70, 41, 5);

        float[] whole = values(new ImagePreprocessor(plain(20, Resize.SQUASH, 20)).apply(image));
        float[] cropped = values(new ImagePreprocessor(plain(20, Resize.SQUASH, 10)).apply(image));

        for (int y = 0; y < 10; y++) {
            for (int x = 0; x < 10; x++) {
                assertThat(cropped[y * 10 + x]).isEqualTo(whole[(y + 5) * 20 + x + 5]);
            }
        }
    }

    @Test
    @Timeout(60)
    void is_safe_to_share_between_threads() throws Exception {
        ImagePreprocessor shared = new ImagePreprocessor(plain(16, Resize.SQUASH, 16));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Boolean>> equal = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                RgbImage image = noise(1 + i % 50, 1 + i % 37, i);
                float[] expected =
                        values(new ImagePreprocessor(plain(16, Resize.SQUASH, 16)).apply(image));
                equal.add(
                        threads.submit(() -> Arrays.equals(expected, values(shared.apply(image)))));
            }
            for (Future<Boolean> each : equal) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    @Test
    void keeps_a_bounded_number_of_weights() {
        ResampleTables tables = new ResampleTables(Interpolation.BICUBIC);
        for (int in = 1; in < 3000; in++) {
            ResampleTable table = tables.get(in, 224, 0, 224);
            assertThat(tables.get(in, 224, 0, 224)).isSameAs(table);
        }
        assertThat(tables.heldWeights()).isBetween(500_000, 1_000_000);
    }
}
