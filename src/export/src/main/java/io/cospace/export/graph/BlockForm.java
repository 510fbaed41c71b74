package io.cospace.export.graph;

import java.nio.ByteBuffer;

/**
 * Matrices in few bits: each group of 32 neighbouring weights of a row shares a scale, {@code W[r,
 * 32 g + j] = (code - offset) * scale[r, g]}. A matrix {@code x} is then stored as codes, uint8,
 * and {@code x_scale} [out, in/32] in any floating type. Scales may be negative. ONNX Runtime
 * computes with these bytes as they are ({@code MatMulNBits}, {@code GatherBlockQuantized}).
 */
public enum BlockForm {
    /**
     * {@code x_q4} [out, in/32, 16]: two weights a byte, the lower nibble first, offset 8;
     * llama.cpp's Q4_0 with neighbours side by side.
     */
    FOUR_BIT("_q4", 4),

    /** {@code x_q8} [out, in/32, 32]: one weight a byte, offset 128. */
    EIGHT_BIT("_q8", 8);

    /** Weights that share a scale. */
    static final int GROUP = 32;

    static final String SCALE = "_scale";

    private final String suffix;
    private final int bits;

    BlockForm(String suffix, int bits) {
        this.suffix = suffix;
        this.bits = bits;
    }

    /** What follows the matrix's name in the name of its codes. */
    String suffix() {
        return suffix;
    }

    /** Bits of a weight. */
    public int bits() {
        return bits;
    }

    /** Bytes of the codes of a group. */
    int groupBytes() {
        return GROUP * bits / 8;
    }

    private int offset() {
        return 1 << (bits - 1);
    }

    /** Codes and scales to weights; the product is rounded to float once, as ONNX Runtime does. */
    float[] unpack(ByteBuffer codes, float[] scales) {
        float[] values = new float[Math.multiplyExact(scales.length, GROUP)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (code(codes, i) - offset()) * scales[i / GROUP];
        }
        return values;
    }

    private int code(ByteBuffer codes, int i) {
        if (this == EIGHT_BIT) {
            return codes.get(i) & 0xff;
        }
        int pair = codes.get(i / 2) & 0xff;
        return i % 2 == 0 ? pair & 15 : pair >> 4;
    }

    /**
     * The scale of each group, as fp16 has it: such that the weight farthest from zero gets the
     * code 0, of which there is one more than on the other side (4 bits), or 1 or 255 (8 bits).
     */
    short[] scales(float[] weights) {
        short[] scales = new short[weights.length / GROUP];
        for (int g = 0; g < scales.length; g++) {
            float farthest = 0;
            for (int i = g * GROUP; i < (g + 1) * GROUP; i++) {
                farthest = Math.abs(weights[i]) > Math.abs(farthest) ? weights[i] : farthest;
            }
            float steps = this == FOUR_BIT ? -offset() : offset() - 1;
            float scale = this == FOUR_BIT ? farthest / steps : Math.abs(farthest) / steps;
            scales[g] = Float.floatToFloat16(scale);
        }
        return scales;
    }

    /** The code of each weight under its group's scale. */
    ByteBuffer codes(float[] weights, short[] scales) {
        byte[] codes = new byte[weights.length * bits / 8];
        for (int i = 0; i < weights.length; i++) {
            float scale = Float.float16ToFloat(scales[i / GROUP]);
            int steps = scale == 0 ? 0 : Math.round(weights[i] / scale);
            int code = Math.clamp(steps + offset(), 0, 2 * offset() - 1);
            if (this == EIGHT_BIT) {
                codes[i] = (byte) code;
            } else {
                codes[i / 2] |= (byte) (i % 2 == 0 ? code : code << 4);
            }
        }
        return ByteBuffer.wrap(codes);
    }
}
