package io.cospace.export.graph;

/**
 * Position embeddings of a square grid of patches for images of another size: bicubic
 * interpolation, each of the two directions by itself, in double precision.
 */
public final class PositionGrid {
    /** How the two grids lie on each other, and what is done when the new one is coarser. */
    public enum Method {
        /**
         * Corner on corner, 4 taps with a = -0.75: ProCLIP and LLM2CLIP for CLIP's ViT (torch
         * {@code interpolate(mode="bicubic", align_corners=True)}).
         */
        CORNERS,
        /** Border on border, 4 taps with a = -0.75: EVA and Hugging Face. */
        BORDERS,
        /**
         * Border on border, as many taps as the coarser grid's spacing needs, a = -0.5: open_clip
         * (torch {@code antialias=True}).
         */
        ANTIALIASED
    }

    private PositionGrid() {}

    /**
     * Resizes a table.
     *
     * @param table row-major [leading + from * from, width]
     * @param leading rows before the grid's, kept as they are: 1 for a class token
     * @param width of a row
     * @param to patches along a side of the new grid
     * @return row-major [leading + to * to, width]
     * @throws IllegalArgumentException if the table's grid is not square
     */
    public static float[] resize(float[] table, int leading, int width, int to, Method method) {
        int rows = table.length / width - leading;
        int from = (int) Math.round(Math.sqrt(rows));
        if (from < 1 || from * from != rows || to < 1) {
            throw new IllegalArgumentException(
                    "%d positions to a grid of %d: must be squares of at least 1"
                            .formatted(rows, to));
        }
        double[][] weights = weights(from, to, method);
        float[] resized = new float[(leading + to * to) * width];
        System.arraycopy(table, 0, resized, 0, leading * width);
        double[] wide = columns(table, leading, width, from, weights);
        for (int y = 0; y < to; y++) {
            for (int x = 0; x < to; x++) {
                for (int c = 0; c < width; c++) {
                    double sum = 0;
                    for (int i = 0; i < from; i++) {
                        sum += weights[y][i] * wide[(i * to + x) * width + c];
                    }
                    resized[(leading + y * to + x) * width + c] = (float) sum;
                }
            }
        }
        return resized;
    }

    /** Columns of the new grid, rows of the old: [from, to, width]. */
    private static double[] columns(
            float[] table, int leading, int width, int from, double[][] weights) {
        int to = weights.length;
        double[] wide = new double[from * to * width];
        for (int y = 0; y < from; y++) {
            for (int x = 0; x < to; x++) {
                for (int c = 0; c < width; c++) {
                    double sum = 0;
                    for (int i = 0; i < from; i++) {
                        sum += weights[x][i] * table[(leading + y * from + i) * width + c];
                    }
                    wide[(y * to + x) * width + c] = sum;
                }
            }
        }
        return wide;
    }

    /** Share of each old place in each new one, [to][from]. */
    private static double[][] weights(int from, int to, Method method) {
        double[][] weights = new double[to][from];
        for (int i = 0; i < to; i++) {
            switch (method) {
                case CORNERS -> taps(weights[i], to == 1 ? 0 : (double) i * (from - 1) / (to - 1));
                case BORDERS -> taps(weights[i], (i + 0.5) * from / to - 0.5);
                case ANTIALIASED -> filter(weights[i], (i + 0.5) * from / to, (double) from / to);
            }
        }
        return weights;
    }

    /** Four places around {@code at}; those beyond the border count for the border's. */
    private static void taps(double[] weights, double at) {
        int first = (int) Math.floor(at) - 1;
        for (int j = first; j < first + 4; j++) {
            weights[Math.clamp(j, 0, weights.length - 1)] += cubic(at - j, -0.75);
        }
    }

    /**
     * All places under the filter, stretched when the new grid is coarser; none beyond the border.
     */
    private static void filter(double[] weights, double centre, double scale) {
        double stretch = Math.max(scale, 1);
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = cubic((j + 0.5 - centre) / stretch, -0.5);
            sum += weights[j];
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
        }
    }

    /** Keys' cubic convolution kernel (Keys 1981, equation 4). */
    private static double cubic(double distance, double a) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
    }
}
