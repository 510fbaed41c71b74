package io.cospace.training.dataset;

import io.cospace.encoder.image.RgbImage;

/**
 * What a picture looks like, coarsely: much the same for copies of another size or compression,
 * different for pictures that a person tells apart. Not the same for mirrored, turned or cropped
 * ones.
 *
 * @param colours of {@value #SIDE} x {@value #SIDE} cells row by row: red, green, blue, 0..255
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Look(int[] colours) {
    static final int SIDE = 8;
    private static final int CHANNELS = 3;

    static Look of(RgbImage image) {
        return new Look(cells(image, SIDE, SIDE));
    }

    /** The mean brightness of each quarter, 0..255: copies differ in it no more than in a cell. */
    double[] quarters() {
        double[] sums = new double[4];
        for (int i = 0; i < colours.length; i++) {
            int cell = i / CHANNELS;
            int quarter = cell / SIDE / (SIDE / 2) * 2 + cell % SIDE / (SIDE / 2);
            sums[quarter] += 4.0 * colours[i] / colours.length;
        }
        return sums;
    }

    /** Means over cells of equal area that cover the picture; pixels on an edge count by share. */
    private static int[] cells(RgbImage image, int across, int down) {
        double[] sums = new double[across * down * CHANNELS];
        double high = (double) image.height() / down;
        double wide = (double) image.width() / across;
        for (int y = 0; y < image.height(); y++) {
            for (int row = (int) (y / high); row < down && row * high < y + 1; row++) {
                double share = shared(y, row * high, high);
                for (int x = 0; x < image.width(); x++) {
                    int from = (y * image.width() + x) * CHANNELS;
                    for (int cell = (int) (x / wide);
                            cell < across && cell * wide < x + 1;
                            cell++) {
                        double weight = share * shared(x, cell * wide, wide);
                        add(image.rgb(), from, weight, sums, (row * across + cell) * CHANNELS);
                    }
                }
            }
        }
        int[] means = new int[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (int) Math.rint(sums[i] / (high * wide));
        }
        return means;
    }

    /** How much of the pixel from {@code at} to {@code at + 1} lies in a cell. */
    private static double shared(int at, double start, double length) {
        return Math.max(0, Math.min(at + 1, start + length) - Math.max(at, start));
    }

    private static void add(byte[] rgb, int from, double weight, double[] sums, int at) {
        for (int c = 0; c < CHANNELS; c++) {
            sums[at + c] += weight * (rgb[from + c] & 0xff);
        }
    }

    /**
     * Whether two pictures are copies of each other.
     *
     * @param near how much a colour of a cell may differ
     */
    boolean like(Look other, int near) {
        for (int i = 0; i < colours.length; i++) {
            if (Math.abs(colours[i] - other.colours[i]) > near) {
                return false;
            }
        }
        return true;
    }
}
