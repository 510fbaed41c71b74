package io.cospace.encoder.image;

import org.jspecify.annotations.Nullable;

/**
 * An image descriptor (GIF89a, section 20).
 *
 * @param left column of the screen where the picture begins
 * @param top row of the screen where the picture begins
 * @param palette its own colours, null when the screen's hold
 */
record GifFrame(
        int left, int top, int width, int height, boolean interlaced, @Nullable Palette palette) {
    private static final int[] FIRST_ROW = {0, 4, 2, 1};
    private static final int[] ROW_STEP = {8, 8, 4, 2};

    /** Order in which the rows come: [height] rows of the picture; GIF89a, appendix E. */
    int[] rowOrder() {
        int[] order = new int[height];
        int next = 0;
        for (int pass = 0; interlaced && pass < FIRST_ROW.length; pass++) {
            for (int y = FIRST_ROW[pass]; y < height; y += ROW_STEP[pass]) {
                order[next++] = y;
            }
        }
        for (int y = 0; !interlaced && y < height; y++) {
            order[y] = y;
        }
        return order;
    }
}
