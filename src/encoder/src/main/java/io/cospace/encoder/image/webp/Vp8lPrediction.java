package io.cospace.encoder.image.webp;

/** The 14 predictors of the lossless format (RFC 9649, 3.5.1), on four channels at once. */
final class Vp8lPrediction {
    private static final int BLACK = 0xff000000;

    private Vp8lPrediction() {}

    /** Adds the prediction to each pixel, in reading order. */
    static void undo(int[] pixels, int width, int height, int blockBits, int[] modes) {
        int perRow = Vp8l.blocks(width, blockBits);
        pixels[0] = add(pixels[0], BLACK);
        for (int x = 1; x < width; x++) {
            pixels[x] = add(pixels[x], pixels[x - 1]);
        }
        for (int y = 1; y < height; y++) {
            int row = y * width;
            pixels[row] = add(pixels[row], pixels[row - width]);
            int blockRow = (y >> blockBits) * perRow;
            for (int x = 1; x < width; ) {
                int end = Math.min(width, ((x >> blockBits) + 1) << blockBits);
                run(
                        pixels,
                        row + x,
                        row + end,
                        width,
                        modes[blockRow + (x >> blockBits)] >> 8 & 15);
                x = end;
            }
        }
    }

    /**
     * Pixels of one row that share a predictor; right of the last column is the first of this row.
     */
    private static void run(int[] pixels, int from, int end, int width, int mode) {
        for (int i = from; i < end; i++) {
            int left = pixels[i - 1];
            int top = pixels[i - width];
            int topLeft = pixels[i - width - 1];
            int topRight = pixels[i - width + 1];
            int predicted =
                    switch (mode) {
                        case 1 -> left;
                        case 2 -> top;
                        case 3 -> topRight;
                        case 4 -> topLeft;
                        case 5 -> mean(mean(left, topRight), top);
                        case 6 -> mean(left, topLeft);
                        case 7 -> mean(left, top);
                        case 8 -> mean(topLeft, top);
                        case 9 -> mean(top, topRight);
                        case 10 -> mean(mean(left, topLeft), mean(top, topRight));
                        case 11 -> select(left, top, topLeft);
                        case 12 -> clampedGradient(left, top, topLeft);
                        case 13 -> clampedHalf(mean(left, top), topLeft);
                        default -> BLACK;
                    };
            pixels[i] = add(pixels[i], predicted);
        }
    }

    /** Channel by channel, modulo 256. */
    static int add(int a, int b) {
        int alphaGreen = (a & 0xff00ff00) + (b & 0xff00ff00);
        int redBlue = (a & 0x00ff00ff) + (b & 0x00ff00ff);
        return (alphaGreen & 0xff00ff00) | (redBlue & 0x00ff00ff);
    }

    /** Channel by channel, rounded down. */
    private static int mean(int a, int b) {
        return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
    }

    /** The neighbour that is nearer to left + top - topLeft over all channels; top when equal. */
    private static int select(int left, int top, int topLeft) {
        int toLeft = 0;
        int toTop = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int corner = topLeft >>> shift & 0xff;
            toLeft += Math.abs((top >>> shift & 0xff) - corner);
            toTop += Math.abs((left >>> shift & 0xff) - corner);
        }
        return toLeft < toTop ? left : top;
    }

    private static int clampedGradient(int left, int top, int topLeft) {
        int predicted = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int value =
                    (left >>> shift & 0xff) + (top >>> shift & 0xff) - (topLeft >>> shift & 0xff);
            predicted |= Math.min(Math.max(value, 0), 255) << shift;
        }
        return predicted;
    }

    private static int clampedHalf(int average, int topLeft) {
        int predicted = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int value = average >>> shift & 0xff;
            value += (value - (topLeft >>> shift & 0xff)) / 2;
            predicted |= Math.min(Math.max(value, 0), 255) << shift;
        }
        return predicted;
    }
}
