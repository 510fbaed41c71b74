package io.cospace.service.embedding;

import java.util.Arrays;
import java.util.function.Consumer;

/** The cosines of many unit vectors with many others. */
final class CosineMatrix {

    /*
     * The second set is laid out in blocks of BLOCK vectors, component by component, so that the
     * inner loop adds to BLOCK independent sums: such a loop is compiled to vector instructions,
     * while a sum along one vector is not, since its order of additions is fixed. Two rows and
     * STEP components at a time make eight multiplications of each value that is loaded and two of
     * each sum; a tile of rows goes over a block while it is in cache.
     */

    private static final int BLOCK = 64;
    private static final int STEP = 4;
    private static final int TILE = 16;

    private final int columns;

    /** Number of components, filled up with zeros to whole steps. */
    private final int components;

    /** Blocks of [components][BLOCK], the last one filled up with zeros. */
    private final float[][] blocks;

    /**
     * Lays out the second set.
     *
     * @param b unit vectors of one length; at least one
     */
    CosineMatrix(float[][] b) {
        this.columns = b.length;
        this.components = Math.ceilDiv(b[0].length, STEP) * STEP;
        this.blocks = new float[Math.ceilDiv(columns, BLOCK)][components * BLOCK];
        for (int j = 0; j < columns; j++) {
            float[] block = blocks[j / BLOCK];
            for (int d = 0; d < b[j].length; d++) {
                block[d * BLOCK + j % BLOCK] = b[j][d];
            }
        }
    }

    /**
     * Hands the cosines of each vector of {@code a}, in order, with all of {@code b} to {@code
     * consumer}, which may change the array but not keep it.
     *
     * @param stillWanted called now and then; what it throws ends the work
     */
    void rows(float[][] a, Runnable stillWanted, Consumer<float[]> consumer) {
        float[][] cosines = new float[Math.min(TILE, a.length)][columns];
        for (int from = 0; from < a.length; from += TILE) {
            stillWanted.run();
            int count = Math.min(TILE, a.length - from);
            tile(a, from, count, cosines);
            for (int i = 0; i < count; i++) {
                consumer.accept(cosines[i]);
            }
        }
    }

    /** The cosine of two unit vectors. */
    static float cosine(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (double) a[d] * b[d];
        }
        return clamp((float) sum);
    }

    private void tile(float[][] a, int from, int count, float[][] cosines) {
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOf(a[from + i], components);
        }
        float[] first = new float[BLOCK];
        float[] second = new float[BLOCK];
        for (int k = 0; k < blocks.length; k++) {
            for (int i = 0; i < count; i += 2) {
                // An odd last row is computed twice.
                int next = Math.min(i + 1, count - 1);
                sums(rows[i], rows[next], blocks[k], first, second);
                copy(first, cosines[i], k * BLOCK);
                copy(second, cosines[next], k * BLOCK);
            }
        }
    }

    private void copy(float[] sums, float[] row, int from) {
        int count = Math.min(BLOCK, columns - from);
        for (int j = 0; j < count; j++) {
            row[from + j] = clamp(sums[j]);
        }
    }

    private static void sums(float[] x, float[] y, float[] block, float[] first, float[] second) {
        Arrays.fill(first, 0);
        Arrays.fill(second, 0);
        for (int d = 0; d < x.length; d += STEP) {
            float x0 = x[d];
            float x1 = x[d + 1];
            float x2 = x[d + 2];
            float x3 = x[d + 3];
            float y0 = y[d];
            float y1 = y[d + 1];
            float y2 = y[d + 2];
            float y3 = y[d + 3];
            int at = d * BLOCK;
            for (int j = 0; j < BLOCK; j++) {
                float b0 = block[at + j];
                float b1 = block[at + BLOCK + j];
                float b2 = block[at + 2 * BLOCK + j];
                float b3 = block[at + 3 * BLOCK + j];
                first[j] += (x0 * b0 + x1 * b1) + (x2 * b2 + x3 * b3);
                second[j] += (y0 * b0 + y1 * b1) + (y2 * b2 + y3 * b3);
            }
        }
    }

    /** Rounding may carry a cosine past its range. */
    private static float clamp(float cosine) {
        return Math.max(-1, Math.min(1, cosine));
    }
}
