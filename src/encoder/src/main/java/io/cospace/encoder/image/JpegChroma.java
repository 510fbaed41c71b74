package io.cospace.encoder.image;

import io.cospace.encoder.image.JpegHeader.Component;

/**
 * Interpolation of components that have half the rows but all columns (4:4:0, the usual 4:2:2
 * turned on its side). The JDK's libjpeg 6b repeats their rows, where libjpeg-turbo (jdsample.c,
 * h1v2_fancy_upsample) weighs the nearest stored row 3/4 and the next 1/4. As repeating loses
 * nothing, the stored rows are still there and the interpolation can be made up for.
 */
final class JpegChroma {
    private JpegChroma() {}

    /** Changes the samples [height, width, components] of such components in place. */
    static void interpolateRows(byte[] samples, JpegHeader header) {
        int mostHorizontal =
                header.components().stream().mapToInt(Component::horizontal).max().orElse(1);
        int mostVertical =
                header.components().stream().mapToInt(Component::vertical).max().orElse(1);
        for (int c = 0; c < header.components().size(); c++) {
            Component component = header.components().get(c);
            if (component.horizontal() == mostHorizontal
                    && 2 * component.vertical() == mostVertical) {
                interpolateRows(samples, c, header);
            }
        }
    }

    private static void interpolateRows(byte[] samples, int component, JpegHeader header) {
        int step = header.components().size();
        int stride = header.width() * step;
        int stored = Math.ceilDiv(header.height(), 2);
        byte[] above = new byte[header.width()];
        byte[] nearest = new byte[header.width()];
        for (int row = 0; row < stored; row++) {
            int even = 2 * row * stride + component;
            int below = row + 1 < stored ? even + 2 * stride : even;
            boolean odd = 2 * row + 1 < header.height();
            for (int x = 0, p = even; x < nearest.length; x++, p += step) {
                nearest[x] = samples[p];
            }
            byte[] first = row == 0 ? nearest : above;
            for (int x = 0, p = even; x < nearest.length; x++, p += step) {
                int three = 3 * (nearest[x] & 0xff);
                int next = below == even ? nearest[x] : samples[below + x * step];
                samples[p] = (byte) ((three + (first[x] & 0xff) + 1) >> 2);
                if (odd) {
                    samples[p + stride] = (byte) ((three + (next & 0xff) + 2) >> 2);
                }
            }
            byte[] swap = above;
            above = nearest;
            nearest = swap;
        }
    }
}
