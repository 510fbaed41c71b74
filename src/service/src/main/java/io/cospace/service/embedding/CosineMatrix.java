package io.cospace.service.embedding;

import java.util.function.Consumer;

/**
 * The cosines of many unit vectors with many others.
 *
 * <p>The second set is laid out in blocks of {@value #BLOCK} vectors, component by component, so
 * that the inner loop adds to {@value #BLOCK} independent sums: such a loop is compiled to vector
 * instructions, while a sum along one vector is not, since its order of additions is fixed.
 */
final class CosineMatrix {

    private static final int BLOCK = 64;

    private final int columns;
    private final int dimensions;

    /** Blocks of [dimensions][BLOCK], the last one filled up with zeros. */
    private final float[][] blocks;

    /**
     * @param b unit vectors of one length; at least one
     */
    CosineMatrix(float[][] b) {
        this.columns = b.length;
        this.dimensions = b[0].length;
        this.blocks = new float[(columns + BLOCK - 1) / BLOCK][dimensions * BLOCK];
        for (int j = 0; j < columns; j++) {
            float[] block = blocks[j / BLOCK];
            for (int d = 0; d < dimensions; d++) {
                block[d * BLOCK + j % BLOCK] = b[j][d];
            }
        }
    }

    /**
     * Hands the cosines of each vector of {@code a}, in order, with all of {@code b} to {@code
     * consumer}; the array is used again for the next one.
     *
     * @param stillWanted called once a row; what it throws ends the work
     */
    void rows(float[][] a, Runnable stillWanted, Consumer<float[]> consumer) {
        float[] row = new float[columns];
        float[] sums = new float[BLOCK];
        for (float[] vector : a) {
            stillWanted.run();
            for (int k = 0; k < blocks.length; k++) {
                sums(vector, blocks[k], sums);
                int from = k * BLOCK;
                int count = Math.min(BLOCK, columns - from);
                for (int j = 0; j < count; j++) {
                    row[from + j] = clamp(sums[j]);
                }
            }
            consumer.accept(row);
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

    private static void sums(float[] vector, float[] block, float[] sums) {
        for (int j = 0; j < BLOCK; j++) {
            sums[j] = 0;
        }
        for (int d = 0; d < vector.length; d++) {
            float component = vector[d];
            int at = d * BLOCK;
            for (int j = 0; j < BLOCK; j++) {
                sums[j] += component * block[at + j];
            }
        }
    }

    /** Rounding may carry a cosine past its range. */
    private static float clamp(float cosine) {
        return Math.max(-1, Math.min(1, cosine));
    }
}
