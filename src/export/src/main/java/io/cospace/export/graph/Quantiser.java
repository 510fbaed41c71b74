package io.cospace.export.graph;

/**
 * Symmetric 8-bit quantisation of a matrix, one scale an output: {@code W[o, i] ~ code[i, o] *
 * scale[o]} with codes -127..127 and {@code scale[o] = max_i |W[o, i]| / 127}. It needs no data.
 */
final class Quantiser {
    private static final int LIMIT = 127;

    /** Rows and columns that are transposed at a time. */
    private static final int TILE = 64;

    private Quantiser() {}

    /**
     * The scale of each output.
     *
     * @param matrix row-major [out, in]
     */
    static float[] scales(float[] matrix, int out) {
        int in = matrix.length / out;
        float[] scales = new float[out];
        for (int o = 0; o < out; o++) {
            float largest = 0;
            for (int i = 0; i < in; i++) {
                largest = Math.max(largest, Math.abs(matrix[o * in + i]));
            }
            scales[o] = largest == 0 ? 1 : largest / LIMIT;
        }
        return scales;
    }

    /**
     * The codes, row-major [in, out]: the layout of the integer matrix product.
     *
     * @param matrix row-major [out, in]
     */
    static byte[] codes(float[] matrix, float[] scales) {
        int out = scales.length;
        int in = matrix.length / out;
        byte[] codes = new byte[matrix.length];
        for (int o = 0; o < out; o += TILE) {
            for (int i = 0; i < in; i += TILE) {
                int outEnd = Math.min(o + TILE, out);
                int inEnd = Math.min(i + TILE, in);
                tile(matrix, scales, codes, new Tile(o, outEnd, i, inEnd, in));
            }
        }
        return codes;
    }

    /** A part of the matrix that stays in the cache while it is transposed. */
    private record Tile(int firstOut, int outEnd, int firstIn, int inEnd, int in) {}

    private static void tile(float[] matrix, float[] scales, byte[] codes, Tile tile) {
        int out = scales.length;
        for (int o = tile.firstOut(); o < tile.outEnd(); o++) {
            for (int i = tile.firstIn(); i < tile.inEnd(); i++) {
                int code = Math.round(matrix[o * tile.in() + i] / scales[o]);
                codes[i * out + o] = (byte) Math.clamp(code, -LIMIT, LIMIT);
            }
        }
    }
}
