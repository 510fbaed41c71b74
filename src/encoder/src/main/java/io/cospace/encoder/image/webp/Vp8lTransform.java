package io.cospace.encoder.image.webp;

/**
 * What an encoder did to the pixels before coding them, undone in place (RFC 9649, section 3.5).
 */
sealed interface Vp8lTransform {

    /**
     * Undoes the transform on [height, width] pixels.
     *
     * @param width pixels of a row after the transform was undone
     */
    void undo(int[] pixels, int width, int height);

    /** Green was taken off red and blue. */
    record SubtractGreen() implements Vp8lTransform {
        @Override
        public void undo(int[] pixels, int width, int height) {
            for (int i = 0; i < width * height; i++) {
                int pixel = pixels[i];
                int green = pixel >> 8 & 0xff;
                int redBlue = (pixel & 0xff00ff) + (green << 16 | green);
                pixels[i] = (pixel & 0xff00ff00) | (redBlue & 0xff00ff);
            }
        }
    }

    /** What green and red tell of the other colours was taken off. */
    final class CrossColor implements Vp8lTransform {
        private final int blockBits;
        private final int[] elements;

        /**
         * Undoes the factors of {@code elements}.
         *
         * @param blockBits side of the squares that share an element, as a power of two
         * @param elements of each square, as pixels: red to blue, green to blue, green to red
         */
        CrossColor(int blockBits, int[] elements) {
            this.blockBits = blockBits;
            this.elements = elements;
        }

        @Override
        public void undo(int[] pixels, int width, int height) {
            int perRow = Vp8l.blocks(width, blockBits);
            for (int y = 0, i = 0; y < height; y++) {
                int row = (y >> blockBits) * perRow;
                for (int x = 0; x < width; x++, i++) {
                    pixels[i] = undo(pixels[i], elements[row + (x >> blockBits)]);
                }
            }
        }

        private static int undo(int pixel, int element) {
            byte green = (byte) (pixel >> 8);
            int red = (pixel >> 16) + delta((byte) element, green);
            int blue =
                    pixel
                            + delta((byte) (element >> 8), green)
                            + delta((byte) (element >> 16), (byte) red);
            return (pixel & 0xff00ff00) | (red & 0xff) << 16 | (blue & 0xff);
        }

        private static int delta(byte factor, byte color) {
            return (factor * color) >> 5;
        }
    }

    /** Pixels are indices, in green, of a table of colours; of small tables several to a pixel. */
    final class ColorIndexing implements Vp8lTransform {
        private final int packBits;
        private final int[] table;

        /**
         * Looks indices up in {@code table}.
         *
         * @param packBits 2 to this power indices are in a pixel, 0..3
         * @param table a colour for each value that an index can have
         */
        ColorIndexing(int packBits, int[] table) {
            this.packBits = packBits;
            this.table = table;
        }

        int packBits() {
            return packBits;
        }

        @Override
        public void undo(int[] pixels, int width, int height) {
            int packedWidth = Vp8l.blocks(width, packBits);
            int perPixel = 1 << packBits;
            int indexBits = 8 >> packBits;
            int mask = (1 << indexBits) - 1;
            // From the end: a row of indices is never longer than the pixels it becomes.
            for (int y = height - 1; y >= 0; y--) {
                for (int p = packedWidth - 1; p >= 0; p--) {
                    int packed = pixels[y * packedWidth + p] >> 8 & 0xff;
                    int first = p << packBits;
                    for (int i = Math.min(perPixel, width - first) - 1; i >= 0; i--) {
                        pixels[y * width + first + i] = table[(packed >> (i * indexBits)) & mask];
                    }
                }
            }
        }
    }

    /** Pixels are differences from what their neighbours let expect. */
    final class Predictor implements Vp8lTransform {
        private final int blockBits;
        private final int[] modes;

        /**
         * Undoes the predictions of {@code modes}.
         *
         * @param blockBits side of the squares that share a predictor, as a power of two
         * @param modes of each square, in green, the lowest four bits
         */
        Predictor(int blockBits, int[] modes) {
            this.blockBits = blockBits;
            this.modes = modes;
        }

        @Override
        public void undo(int[] pixels, int width, int height) {
            Vp8lPrediction.undo(pixels, width, height, blockBits, modes);
        }
    }
}
