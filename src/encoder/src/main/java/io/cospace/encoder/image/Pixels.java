package io.cospace.encoder.image;

import java.nio.FloatBuffer;

/**
 * One image as the image tower reads it: [3, height, width] normalised floats, planes in the order
 * red, green, blue, each row by row from the top. May lie on the heap, so that a queue of them
 * costs no direct memory; a batch is gathered with {@code batch.put(pixels.values())}.
 *
 * @param values a buffer of exactly {@code 3 * height * width} floats from position 0; owned by
 *     this object, not to be changed
 */
public record Pixels(int height, int width, FloatBuffer values) {

    /** Channels of every image: red, green, blue. */
    public static final int CHANNELS = 3;

    public Pixels {
        if (height < 1 || width < 1 || values.limit() != (long) CHANNELS * height * width) {
            throw new IllegalArgumentException(
                    "pixels [3, %d, %d] cannot have %d values"
                            .formatted(height, width, values.limit()));
        }
    }

    /** An independent read-only view of the values, at position 0. */
    @Override
    public FloatBuffer values() {
        return values.asReadOnlyBuffer().rewind();
    }
}
