package io.cospace.training.job;

import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.Digest;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.training.data.Augmentation;
import io.cospace.training.data.PairIndex.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Chooses the image side of a job: kept features or vectors where the tower is frozen and the
 * images unchanged, else pixels.
 *
 * @param smoke whether images are not changed, to be done in seconds
 */
record Sides(
        JobConfig config,
        boolean smoke,
        List<Sample> train,
        List<Sample> measured,
        SkippedSamples skipped,
        Consumer<String> progress) {
    ImageSide open(Optional<PixelTower> tower) {
        JobConfig.Image image = config.image();
        boolean still =
                !config.recipe().align().imageTuned()
                        && image.augmentation() instanceof Augmentation.None;
        return switch (image.tower()) {
            case FEATURES -> features(smoke ? 0 : image.copies());
            case EFFICIENTNET_LITE -> still ? features(0) : pixels(tower.orElseThrow());
            case CLIP, EVA02 -> {
                PixelSide pixels = pixels(tower.orElseThrow());
                yield still ? vectors(pixels) : pixels;
            }
        };
    }

    private ImageSide features(int copies) {
        FrozenImages images =
                FrozenImages.of(
                        config.image().weights(),
                        config.cache().folder(),
                        config.cache().precision(),
                        train,
                        measured,
                        copies,
                        config.image().augmentation(),
                        skipped,
                        done -> progress.accept("image features: " + done + " new"));
        return new FeatureSide(images, ImageSide.usable(train, images::usable, skipped), copies);
    }

    private PixelSide pixels(PixelTower tower) {
        return new PixelSide(
                tower, train, config.image().augmentation(), config.image().workers(), skipped);
    }

    private ImageSide vectors(PixelSide pixels) {
        return VectorSide.of(
                pixels,
                config.cache().folder(),
                "image-%s-%s%s"
                        .formatted(
                                digest(config.image().weights()),
                                config.image().tower().word(),
                                config.image().quickGelu() ? "" : "-gelu"),
                config.cache().precision(),
                train,
                measured,
                skipped,
                done -> progress.accept("image vectors: " + done + " new"));
    }

    private static String digest(Path weights) {
        try {
            StringBuilder all = new StringBuilder();
            for (Path file : Checkpoint.files(weights)) {
                all.append(Digest.ofFile(file), 0, 16);
            }
            return all.toString();
        } catch (IOException e) {
            throw new JobException(weights + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
