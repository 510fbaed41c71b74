package io.cospace.encoder.image;

import java.nio.FloatBuffer;

/**
 * A preprocessed image: normalised RGB values [3, height, width], channel first, row by row.
 *
 * @param values a buffer of exactly {@code 3 * height * width} floats from position 0; owned by
 *     this object
 */
public record Pixels(int height, int width, FloatBuffer values) {

    /** Channels of every image: red, green, blue. */
    public static final int CHANNELS = 3;

    public Pixels {
        int expected = CHANNELS * height * width;
        if (height < 1 || width < 1 || values.limit() != expected) {
            throw new IllegalArgumentException(
                    "pixels of %d x %d need %d values, found %d"
                            .formatted(height, width, expected, values.limit()));
        }
    }

    /** An independent read-only view of the values, at position 0. */
    @Override
    public FloatBuffer values() {
        return values.asReadOnlyBuffer().rewind();
    }
}
