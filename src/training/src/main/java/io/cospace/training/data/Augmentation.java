package io.cospace.training.data;

import io.cospace.encoder.image.RgbImage;
import java.util.SplittableRandom;

/** A random change of a picture before it is resized for the tower. Stateless. */
public sealed interface Augmentation {
    /** The changed picture; the same draws give the same pixels. */
    RgbImage apply(RgbImage image, SplittableRandom random);

    /** The picture as it is. */
    record None() implements Augmentation {
        @Override
        public RgbImage apply(RgbImage image, SplittableRandom random) {
            return image;
        }
    }

    /**
     * A part of the picture (torchvision's RandomResizedCrop; the resize to the tower's square
     * follows in the preprocessing, which must therefore be {@code squash}). Ten tries, then the
     * largest centred part within the ratios.
     *
     * @param least smallest share of the area, above 0
     * @param most largest share of the area, at most 1
     */
    record RandomResizedCrop(double least, double most) implements Augmentation {
        private static final int TRIES = 10;
        private static final double RATIO = 4.0 / 3;

        /** Checks the range. */
        public RandomResizedCrop {
            if (!(least > 0 && least <= most && most <= 1)) {
                throw new TrainingDataException(
                        "crop is %s..%s; shares of the area are above 0, ascending, at most 1"
                                .formatted(least, most));
            }
        }

        @Override
        public RgbImage apply(RgbImage image, SplittableRandom random) {
            double area = (double) image.width() * image.height();
            for (int i = 0; i < TRIES; i++) {
                double target = area * (least + (most - least) * random.nextDouble());
                double ratio = StrictMath.exp(Math.log(RATIO) * (2 * random.nextDouble() - 1));
                int width = (int) Math.rint(Math.sqrt(target * ratio));
                int height = (int) Math.rint(Math.sqrt(target / ratio));
                if (width > 0 && width <= image.width() && height > 0 && height <= image.height()) {
                    int top = random.nextInt(image.height() - height + 1);
                    int left = random.nextInt(image.width() - width + 1);
                    return Pictures.crop(image, left, top, width, height);
                }
            }
            int width = Math.min(image.width(), (int) Math.rint(image.height() * RATIO));
            int height = Math.min(image.height(), (int) Math.rint(image.width() * RATIO));
            return Pictures.crop(
                    image,
                    (image.width() - width) / 2,
                    (image.height() - height) / 2,
                    width,
                    height);
        }
    }

    /**
     * Objects on a white ground (default-model.md section 4): mirrored half of the time, turned
     * within 12 degrees, scaled by 0.65 to 1.15 about the centre on white, contrast and brightness
     * changed by up to a fifth.
     */
    record Drawing() implements Augmentation {
        private static final double DEGREES = 12;
        private static final double SMALLEST = 0.65;
        private static final double LARGEST = 1.15;
        private static final double LIGHT = 0.2;

        @Override
        public RgbImage apply(RgbImage image, SplittableRandom random) {
            boolean mirrored = random.nextInt(2) == 1;
            double angle = Math.toRadians(DEGREES * (2 * random.nextDouble() - 1));
            double scale = SMALLEST + (LARGEST - SMALLEST) * random.nextDouble();
            double contrast = 1 + LIGHT * (2 * random.nextDouble() - 1);
            double brightness = 1 + LIGHT * (2 * random.nextDouble() - 1);
            double cos = StrictMath.cos(angle) / scale;
            double sin = StrictMath.sin(angle) / scale;
            Pictures.Affine affine =
                    new Pictures.Affine(mirrored ? -cos : cos, mirrored ? -sin : sin, -sin, cos);
            return Pictures.lit(Pictures.warp(image, affine), contrast, brightness);
        }
    }
}
