package io.cospace.export.graph;

import java.nio.ByteBuffer;

/** The 4-bit form of a matrix, see {@link Weights}. */
final class FourBit {
    private static final int OFFSET = 8;

    private FourBit() {}

    /** Unpacks codes and scales; the product is rounded to float once, as ONNX Runtime does. */
    static float[] unpack(ByteBuffer codes, float[] scales) {
        float[] values = new float[Math.multiplyExact(scales.length, Weights.GROUP)];
        for (int g = 0; g < scales.length; g++) {
            for (int k = 0; k < Weights.GROUP / 2; k++) {
                int pair = codes.get(g * (Weights.GROUP / 2) + k);
                int at = g * Weights.GROUP + 2 * k;
                values[at] = ((pair & 15) - OFFSET) * scales[g];
                values[at + 1] = ((pair >> 4 & 15) - OFFSET) * scales[g];
            }
        }
        return values;
    }
}
