package io.cospace.encoder.image.webp;

import java.util.Arrays;

/**
 * Luma and chroma of a frame, whole macroblocks, with the samples that prediction sees outside of
 * it (RFC 6386, 12.2): 127 in the row above, 129 in the column to the left.
 */
final class Vp8Planes {
    final Plane luma;
    final Plane blue;
    final Plane red;

    /**
     * @param columns macroblocks in a row
     * @param rows rows of macroblocks
     */
    Vp8Planes(int columns, int rows) {
        luma = new Plane(16 * columns, 16 * rows);
        blue = new Plane(8 * columns, 8 * rows);
        red = new Plane(8 * columns, 8 * rows);
    }

    /** One component. */
    static final class Plane {
        /** Distance of a sample to the one below. */
        final int stride;

        /** Samples, unsigned; that of column x and row y is at {@link #at}. */
        final byte[] samples;

        private Plane(int width, int height) {
            stride = width + 1;
            samples = new byte[stride * (height + 1)];
            Arrays.fill(samples, 0, stride, (byte) 127);
            for (int y = 0; y < height; y++) {
                samples[at(-1, y)] = (byte) 129;
            }
        }

        /** Index of a sample; column and row -1 are the border. */
        int at(int x, int y) {
            return (y + 1) * stride + x + 1;
        }
    }
}
