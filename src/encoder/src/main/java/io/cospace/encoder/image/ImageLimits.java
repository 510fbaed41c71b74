package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.TooLarge;
import io.cospace.encoder.error.ImageException.Unreadable;

/**
 * What an image may cost, checked against its header before a pixel is allocated.
 *
 * @param maxBytes size of the file as it came, 1..1,000,000,000
 * @param maxPixels width times height of the stored picture, 1..500,000,000: four bytes a pixel
 *     still fit an array
 * @param maxSide longest side in pixels, 1..1,000,000
 */
public record ImageLimits(int maxBytes, int maxPixels, int maxSide) {
    private static final ImageLimits DEFAULTS = new ImageLimits(20_000_000, 64_000_000, 65_535);

    public ImageLimits {
        requireRange("maxBytes", maxBytes, 1_000_000_000);
        requireRange("maxPixels", maxPixels, 500_000_000);
        requireRange("maxSide", maxSide, 1_000_000);
    }

    /** 20 MB, 64 megapixels, 65,535 pixels a side. */
    public static ImageLimits defaults() {
        return DEFAULTS;
    }

    /** Refuses a file of more than {@link #maxBytes}. */
    void checkBytes(long bytes) {
        if (bytes > maxBytes) {
            throw new TooLarge(
                    "image has %d bytes; at most %d are read".formatted(bytes, maxBytes));
        }
    }

    /** Refuses the size that a header declares, by the larger of its faults; 0 is unreadable. */
    void checkSize(long width, long height) {
        if (width < 1 || height < 1) {
            throw new Unreadable(
                    "image header says %dx%d px; a side must be 1 or more"
                            .formatted(width, height));
        }
        if (width > maxSide || height > maxSide) {
            throw new TooLarge(
                    "image is %dx%d px; each side must be 1..%d".formatted(width, height, maxSide));
        }
        if (width * height > maxPixels) {
            throw new TooLarge(
                    "image is %dx%d = %d px; at most %d are decoded"
                            .formatted(width, height, width * height, maxPixels));
        }
    }

    private static void requireRange(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be 1..%d".formatted(name, value, most));
        }
    }
}
