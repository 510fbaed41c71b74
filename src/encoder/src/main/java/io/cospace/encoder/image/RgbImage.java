package io.cospace.encoder.image;

import static java.util.Objects.requireNonNull;

/**
 * An upright picture of 8-bit sRGB pixels: [height, width, 3], row by row from the top, each pixel
 * its red, green and blue byte (unsigned). The array is held, not copied, since it may be 192 MB;
 * whoever makes an image gives it away.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * @param width 1 or more
     * @param height 1 or more
     * @param rgb exactly width x height x 3 bytes
     */
    public RgbImage(int width, int height, byte[] rgb) {
        requireNonNull(rgb, "rgb is null");
        if (width < 1 || height < 1 || (long) width * height * 3 != rgb.length) {
            throw new IllegalArgumentException(
                    "image of %dx%d px cannot have %d bytes of RGB"
                            .formatted(width, height, rgb.length));
        }
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixels themselves, not a copy. */
    public byte[] rgb() {
        return rgb;
    }

    @Override
    public String toString() {
        return "RgbImage[%dx%d]".formatted(width, height);
    }
}
