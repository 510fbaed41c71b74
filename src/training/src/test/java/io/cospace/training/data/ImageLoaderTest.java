package io.cospace.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.image.RgbImage;
import io.cospace.evaluate.data.SkippedSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ImageLoaderTest {
    private static final Preprocessing PLAIN =
            new Preprocessing(
                    16,
                    Preprocessing.Resize.SQUASH,
                    16,
                    Preprocessing.Interpolation.BICUBIC,
                    1,
                    List.of(0.0, 0.0, 0.0),
                    List.of(1.0, 1.0, 1.0),
                    List.of(255, 255, 255));

    @TempDir Path folder;
    private final SkippedSamples skipped = new SkippedSamples();

    @BeforeEach
    void write_images() throws IOException {
        for (int i = 0; i < 4; i++) {
            byte[] png = Shapes.png(Shapes.picture(i, 32));
            Files.write(folder.resolve(i + ".png"), i == 2 ? Arrays.copyOf(png, 60) : png);
            Files.writeString(folder.resolve(i + ".txt"), "picture " + i);
        }
    }

    @Test
    void the_next_sample_takes_the_place_of_a_broken_one() {
        ImageLoader loader = loader(new Augmentation.None());
        assertThat(loader.load(2, 0).sample()).isEqualTo(3);
        assertThat(loader.load(2, 1).sample()).isEqualTo(3);
        assertThat(loader.load(1, 0).sample()).isEqualTo(1);
        assertThat(skipped.count()).isEqualTo(1);
        assertThat(skipped.listed().getFirst().key()).isEqualTo("2");
    }

    @Test
    void augmentation_depends_on_seed_epoch_and_sample_alone() {
        for (Augmentation kind :
                List.of(new Augmentation.RandomResizedCrop(0.5, 0.9), new Augmentation.Drawing())) {
            float[] first = values(loader(kind), 1, 4);
            assertThat(values(loader(kind), 1, 4)).isEqualTo(first);
            assertThat(values(loader(kind), 1, 5)).isNotEqualTo(first);
        }
    }

    @Test
    void a_whole_crop_changes_nothing() {
        RgbImage picture = Shapes.picture(0, 32);
        Augmentation crop = new Augmentation.RandomResizedCrop(1, 1);
        // Only a ratio of 1 fits, so the tries fail and the whole picture is the centred part.
        RgbImage same = crop.apply(picture, new SplittableRandom(1));
        assertThat(same.rgb()).isEqualTo(picture.rgb());
    }

    @Test
    void a_crop_keeps_to_the_shares_of_the_area() {
        RgbImage picture = Shapes.picture(0, 64);
        Augmentation crop = new Augmentation.RandomResizedCrop(0.9, 1);
        for (int i = 0; i < 100; i++) {
            RgbImage part = crop.apply(picture, new SplittableRandom(i));
            assertThat(part.width() * part.height() / 4096.0).isBetween(0.88, 1.0);
        }
        assertThatThrownBy(() -> new Augmentation.RandomResizedCrop(0.9, 1.1))
                .hasMessageStartingWith("crop is 0.9..1.1;");
    }

    @Test
    void a_drawing_keeps_its_white_ground() {
        RgbImage picture = Shapes.picture(3, 64);
        for (int i = 0; i < 20; i++) {
            RgbImage changed = new Augmentation.Drawing().apply(picture, new SplittableRandom(i));
            assertThat(changed.width()).isEqualTo(64);
            // The corners saw nothing but the ground, whatever the light did to it.
            byte[] rgb = changed.rgb();
            assertThat(rgb[rgb.length - 1]).isEqualTo(rgb[rgb.length - 2]);
            assertThat(changed.rgb()).isNotEqualTo(picture.rgb());
        }
        Pictures.Affine mirror = new Pictures.Affine(-1, 0, 0, 1);
        assertThat(Pictures.warp(Pictures.warp(picture, mirror), mirror).rgb())
                .isEqualTo(picture.rgb());
        assertThat(Pictures.warp(picture, mirror).rgb()).isNotEqualTo(picture.rgb());
    }

    @Test
    void data_without_any_image_fail_with_the_first_reason() throws IOException {
        for (int i = 0; i < 4; i++) {
            Files.write(folder.resolve(i + ".png"), new byte[] {1, 2, 3});
        }
        ImageLoader loader = loader(new Augmentation.None());
        assertThatThrownBy(() -> loader.load(0, 0))
                .hasMessageContaining("no image of the data can be decoded; the first:");
        assertThat(skipped.count()).isEqualTo(4);
    }

    @Test
    void prefetched_steps_come_in_their_order_from_any_step_on() {
        ImageLoader loader = loader(new Augmentation.Drawing());
        try (Prefetch<float[]> ahead = new Prefetch<>(step -> values(loader, 1, step), 3, 9, 3)) {
            for (long step = 3; step < 9; step++) {
                assertThat(ahead.take()).isEqualTo(values(loader, 1, step));
            }
        }
        try (Prefetch<String> failing =
                new Prefetch<>(
                        step -> {
                            throw new TrainingDataException("step " + step);
                        },
                        0,
                        1,
                        1)) {
            assertThatThrownBy(failing::take).hasMessage("step 0");
        }
    }

    private ImageLoader loader(Augmentation augmentation) {
        return new ImageLoader(
                PairIndex.read(List.of(folder), skipped), PLAIN, augmentation, 11, skipped);
    }

    private static float[] values(ImageLoader loader, int sample, long epoch) {
        float[] values = new float[3 * 16 * 16];
        loader.load(sample, epoch).pixels().values().get(values);
        return values;
    }
}
