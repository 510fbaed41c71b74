package io.cospace.encoder.image;

import java.util.List;

/**
 * What a JPEG file says about itself, and the segments that its pixels depend on.
 *
 * @param width pixels as stored
 * @param height pixels as stored
 * @param components of the frame, 1, 3 or 4
 * @param color what the components mean
 * @param orientation EXIF's, 1..8
 * @param scans how many scans the file has; a baseline file has one to four, a progressive one
 *     about ten
 * @param essential slices of the file that a decoder needs, in order, end-of-image included: no
 *     application segments or comments
 */
record JpegHeader(
        int width,
        int height,
        List<Component> components,
        Color color,
        int orientation,
        int scans,
        List<Slice> essential) {

    /** The same, with another idea of what the components mean. */
    JpegHeader as(Color other) {
        return new JpegHeader(width, height, components, other, orientation, scans, essential);
    }

    /**
     * @param horizontal sampling factor, 1..4
     * @param vertical sampling factor, 1..4
     */
    record Component(int id, int horizontal, int vertical) {}

    /**
     * Colour space of the components, by the rules of libjpeg (jdapimin.c,
     * default_decompress_parms).
     */
    enum Color {
        GREY,
        YCBCR,
        RGB,
        CMYK,
        /** CMYK whose first three components, as Adobe has it, went through the YCbCr transform. */
        YCCK
    }
}
