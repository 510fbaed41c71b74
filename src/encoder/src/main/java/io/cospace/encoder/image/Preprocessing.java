package io.cospace.encoder.image;

import java.util.List;

/**
 * What is done to an image before the tower reads it, as the bundle's manifest states it: resize,
 * crop, then per channel {@code (value * rescale - mean) / std} of the 8-bit value.
 *
 * @param size side of the square that the tower reads, in pixels
 * @param resize how the image is brought to that size
 * @param crop side of the centre crop after the resize, in pixels; equal to {@code size} when
 *     nothing is cut
 * @param interpolation filter of the resize, always antialiased
 * @param rescale factor on the 8-bit value
 * @param mean per channel, RGB, after the rescale
 * @param std per channel, RGB, after the rescale
 * @param background RGB, 0..255: what transparent pixels and borders show
 */
public record Preprocessing(
        int size,
        Resize resize,
        int crop,
        Interpolation interpolation,
        double rescale,
        List<Double> mean,
        List<Double> std,
        List<Integer> background) {

    /** How an image of any shape becomes a square. */
    public enum Resize {
        /** The shorter side to the size, aspect kept. */
        SHORTEST,
        /** Both sides to the size, aspect lost. */
        SQUASH,
        /** The longer side to the size, aspect kept, borders in the background colour. */
        LONGEST
    }

    /** Filter of the resize. */
    public enum Interpolation {
        BICUBIC,
        BILINEAR
    }

    public Preprocessing {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        background = List.copyOf(background);
        if (size < 1 || crop < 1 || crop > size) {
            throw new IllegalArgumentException(
                    "size is " + size + ", crop is " + crop + "; need 1 <= crop <= size");
        }
        if (mean.size() != Pixels.CHANNELS
                || std.size() != Pixels.CHANNELS
                || background.size() != Pixels.CHANNELS) {
            throw new IllegalArgumentException(
                    "mean, std and background need 3 values each, one a channel");
        }
    }
}
