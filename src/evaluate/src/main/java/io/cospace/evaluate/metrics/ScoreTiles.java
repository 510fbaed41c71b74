package io.cospace.evaluate.metrics;

import java.util.Arrays;

/**
 * Dot products of rows with all columns, a tile of columns at a time, so that no score matrix is
 * held: [rows, columns] of tens of thousands a side would be gigabytes.
 *
 * <p>A tile is stored transposed, one array a dimension, indexed by column. The inner loop then
 * runs over columns, all arrays at the same index and no step depending on another, which is the
 * form that HotSpot turns into vector instructions (one flat array with offsets is not: it ran at a
 * sixth of the speed). Every single product is still added up in the order of the dimensions:
 * scores do not depend on where a row or column stands, and equal vectors tie exactly. Four rows
 * share each load of the tile, for the tile comes from the second-level cache.
 */
final class ScoreTiles {
    /** Columns in a tile: with 512 dimensions half a megabyte, which a second-level cache holds. */
    private static final int WIDTH = 256;

    /** Rows that are multiplied at once. */
    private static final int GROUP = 4;

    private final VectorSet rows;
    private final VectorSet columns;
    private final float[][] tile; // [dimensions + 1][WIDTH]; the last stays zero
    private final float[][] sums = new float[GROUP][WIDTH];

    private ScoreTiles(VectorSet rows, VectorSet columns) {
        this.rows = rows;
        this.columns = columns;
        this.tile = new float[rows.dimensions() + 1][WIDTH];
    }

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
        new ScoreTiles(rows, columns).visit(from, to, visitor);
    }

    private void visit(int from, int to, Visitor visitor) {
        for (int first = 0; first < columns.size(); first += WIDTH) {
            int count = Math.min(WIDTH, columns.size() - first);
            transpose(first, count);
            for (int row = from; row < to; row += GROUP) {
                int last = Math.min(to, row + GROUP) - 1;
                multiply(row, last);
                for (int r = row; r <= last; r++) {
                    visitor.scores(r, first, sums[r - row], count);
                }
            }
        }
    }

    /** Columns behind the last keep what the tile held; nobody reads their scores. */
    private void transpose(int first, int count) {
        float[] values = columns.values();
        for (int j = 0; j < count; j++) {
            int offset = columns.offset(first + j);
            for (int k = 0; k < columns.dimensions(); k++) {
                tile[k][j] = values[offset + k];
            }
        }
    }

    /** A group that is not full multiplies its last row again. */
    private void multiply(int row, int last) {
        for (float[] sum : sums) {
            Arrays.fill(sum, 0);
        }
        float[] v = rows.values();
        int a = rows.offset(row);
        int b = rows.offset(Math.min(row + 1, last));
        int c = rows.offset(Math.min(row + 2, last));
        int d = rows.offset(Math.min(row + 3, last));
        int dimensions = rows.dimensions();
        int even = dimensions & ~1;
        for (int k = 0; k < even; k += 2) {
            step(
                    tile[k],
                    tile[k + 1],
                    v[a + k],
                    v[a + k + 1],
                    v[b + k],
                    v[b + k + 1],
                    v[c + k],
                    v[c + k + 1],
                    v[d + k],
                    v[d + k + 1],
                    sums[0],
                    sums[1],
                    sums[2],
                    sums[3]);
        }
        if (even < dimensions) {
            int k = even;
            float[] zero = tile[dimensions];
            step(
                    tile[k], zero, v[a + k], 0, v[b + k], 0, v[c + k], 0, v[d + k], 0, sums[0],
                    sums[1], sums[2], sums[3]);
        }
    }

    /** Two dimensions of four rows; its own method so that it is compiled as one loop. */
    @SuppressWarnings("TooManyParameters") // each is a register of the loop
    private static void step(
            float[] x,
            float[] y,
            float a0,
            float a1,
            float b0,
            float b1,
            float c0,
            float c1,
            float d0,
            float d1,
            float[] a,
            float[] b,
            float[] c,
            float[] d) {
        for (int j = 0; j < a.length; j++) {
            float aj = a[j] + a0 * x[j] + a1 * y[j];
            float bj = b[j] + b0 * x[j] + b1 * y[j];
            float cj = c[j] + c0 * x[j] + c1 * y[j];
            float dj = d[j] + d0 * x[j] + d1 * y[j];
            a[j] = aj;
            b[j] = bj;
            c[j] = cj;
            d[j] = dj;
        }
    }
}
