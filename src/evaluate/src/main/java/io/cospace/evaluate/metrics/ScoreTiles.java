package io.cospace.evaluate.metrics;

import java.util.Arrays;

/**
 * Dot products of rows with all columns, a tile of columns at a time, so that no score matrix is
 * held: [rows, columns] of tens of thousands a side would be gigabytes.
 *
 * <p>A tile is stored transposed, [dimension, column]. The inner loop then runs over columns with
 * no dependence between its steps, which the compiler turns into vector instructions, and still
 * adds up every single product in the order of the dimensions: scores do not depend on where a row
 * or column stands, and equal vectors tie exactly. Four dimensions a pass save three of four loads
 * and stores of the sums.
 */
final class ScoreTiles {
    /** Columns in a tile: with 512 dimensions half a megabyte, which a second-level cache holds. */
    private static final int WIDTH = 256;

    private ScoreTiles() {}

    /** Takes scores of one row. */
    interface Visitor {
        /**
         * Called once a row and tile.
         *
         * @param row of the row set
         * @param first the column of {@code scores[0]}
         * @param scores by column; only the first {@code count}; reused after the call
         */
        void scores(int row, int first, float[] scores, int count);
    }

    /** Visits the scores of rows {@code from} to {@code to} (exclusive) with all columns. */
    static void visit(VectorSet rows, int from, int to, VectorSet columns, Visitor visitor) {
        int dimensions = rows.dimensions();
        float[] tile = new float[dimensions * WIDTH];
        float[] scores = new float[WIDTH];
        for (int first = 0; first < columns.size(); first += WIDTH) {
            int count = Math.min(WIDTH, columns.size() - first);
            transpose(columns, first, count, tile);
            for (int row = from; row < to; row++) {
                multiply(rows.values(), rows.offset(row), dimensions, tile, scores);
                visitor.scores(row, first, scores, count);
            }
        }
    }

    /** Columns behind the last keep what the tile held; nobody reads their scores. */
    private static void transpose(VectorSet columns, int first, int count, float[] tile) {
        float[] values = columns.values();
        for (int j = 0; j < count; j++) {
            int offset = columns.offset(first + j);
            for (int k = 0; k < columns.dimensions(); k++) {
                tile[k * WIDTH + j] = values[offset + k];
            }
        }
    }

    private static void multiply(
            float[] row, int offset, int dimensions, float[] tile, float[] sums) {
        Arrays.fill(sums, 0);
        int k = 0;
        for (; k + 4 <= dimensions; k += 4) {
            float a0 = row[offset + k];
            float a1 = row[offset + k + 1];
            float a2 = row[offset + k + 2];
            float a3 = row[offset + k + 3];
            int t = k * WIDTH;
            for (int j = 0; j < WIDTH; j++) {
                sums[j] =
                        sums[j]
                                + a0 * tile[t + j]
                                + a1 * tile[t + WIDTH + j]
                                + a2 * tile[t + 2 * WIDTH + j]
                                + a3 * tile[t + 3 * WIDTH + j];
            }
        }
        for (; k < dimensions; k++) {
            float a = row[offset + k];
            for (int j = 0; j < WIDTH; j++) {
                sums[j] += a * tile[k * WIDTH + j];
            }
        }
    }
}
