package io.cospace.encoder.image.webp;

import java.util.Arrays;

/**
 * Coefficients of one macroblock at a time (RFC 6386, section 13), with the memory of which blocks
 * above and to the left had any. Not thread-safe.
 */
final class Vp8Residuals {
    private static final int LUMA_AC = 0;
    private static final int SECOND = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;

    private static final int BLOCK = 16;
    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};

    /** Band of each position; the entry behind the last position is never used for a decision. */
    private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};

    /** Probabilities of the extra bits of the four largest categories. */
    private static final int[][] EXTRA_BITS = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };

    /** Blocks of a row of the frame: 4 luma, 2 blue, 2 red, 1 of luma DCs for each macroblock. */
    private static final int CONTEXTS = 9;

    private static final int SECOND_CONTEXT = 8;

    private final int[] tokens;
    private final boolean[] above;
    private final boolean[] left = new boolean[CONTEXTS];

    /** Coefficients times factors, 16 luma blocks, 4 blue, 4 red, each row by row. */
    final short[] coefficients = new short[24 * BLOCK];

    private final short[] second = new short[BLOCK];

    /** How much of each block there is: 0 nothing, 1 the DC alone, 2 more. */
    final byte[] extent = new byte[24];

    /**
     * @param columns macroblocks in a row
     */
    Vp8Residuals(int[] tokens, int columns) {
        this.tokens = tokens;
        this.above = new boolean[CONTEXTS * columns];
    }

    void startRow() {
        Arrays.fill(left, false);
    }

    /**
     * Notes a macroblock without coefficients; the block of DCs is left as it was where there is
     * none.
     */
    void skip(int column, boolean subblocks) {
        int contexts = subblocks ? SECOND_CONTEXT : CONTEXTS;
        Arrays.fill(left, 0, contexts, false);
        Arrays.fill(above, column * CONTEXTS, column * CONTEXTS + contexts, false);
        Arrays.fill(extent, (byte) 0);
    }

    /**
     * Reads the coefficients of the macroblock; whether there are any.
     *
     * @param subblocks whether luma blocks have their own DCs
     */
    boolean read(BoolDecoder bits, int column, boolean subblocks, Vp8Quantizer quantizer) {
        Arrays.fill(coefficients, (short) 0);
        int context = column * CONTEXTS;
        if (!subblocks) {
            readSecond(bits, context + SECOND_CONTEXT, quantizer);
        }
        int type = subblocks ? LUMA : LUMA_AC;
        int first = subblocks ? 0 : 1;
        int any = 0;
        for (int block = 0; block < 16; block++) {
            any |=
                    block(
                            bits,
                            type,
                            first,
                            quantizer.lumaDc(),
                            quantizer.lumaAc(),
                            block,
                            context + (block & 3),
                            block >> 2);
        }
        for (int block = 16; block < 24; block++) {
            int plane = block < 20 ? 4 : 6;
            any |=
                    block(
                            bits,
                            CHROMA,
                            0,
                            quantizer.chromaDc(),
                            quantizer.chromaAc(),
                            block,
                            context + plane + (block & 1),
                            plane + (block >> 1 & 1));
        }
        return any != 0;
    }

    /** The luma DCs, which the Walsh-Hadamard transform of 14.3 spreads over the blocks. */
    private void readSecond(BoolDecoder bits, int aboveAt, Vp8Quantizer quantizer) {
        Arrays.fill(second, (short) 0);
        int context = (above[aboveAt] ? 1 : 0) + (left[SECOND_CONTEXT] ? 1 : 0);
        int end =
                read(
                        bits,
                        SECOND,
                        context,
                        0,
                        quantizer.secondDc(),
                        quantizer.secondAc(),
                        second,
                        0);
        above[aboveAt] = end > 0;
        left[SECOND_CONTEXT] = end > 0;
        Vp8Transform.inverseWalshHadamard(second, coefficients);
    }

    private int block(
            BoolDecoder bits,
            int type,
            int first,
            int dc,
            int ac,
            int block,
            int aboveAt,
            int leftAt) {
        int context = (above[aboveAt] ? 1 : 0) + (left[leftAt] ? 1 : 0);
        int at = block * BLOCK;
        int end = read(bits, type, context, first, dc, ac, coefficients, at);
        above[aboveAt] = end > first;
        left[leftAt] = end > first;
        extent[block] = (byte) (end > 1 ? 2 : coefficients[at] != 0 ? 1 : 0);
        return extent[block];
    }

    /**
     * Reads one block into {@code out} from {@code at} on; the position behind its last
     * coefficient.
     */
    private int read(
            BoolDecoder bits,
            int type,
            int context,
            int first,
            int dc,
            int ac,
            short[] out,
            int at) {
        int p = Vp8Tokens.index(type, BANDS[first], context);
        for (int n = first; n < BLOCK; n++) {
            if (!bits.bit(tokens[p])) {
                return n;
            }
            while (!bits.bit(tokens[p + 1])) {
                n++;
                if (n == BLOCK) {
                    return BLOCK;
                }
                p = Vp8Tokens.index(type, BANDS[n], 0);
            }
            int value = 1;
            int next = 1;
            if (bits.bit(tokens[p + 2])) {
                value = largeValue(bits, p);
                next = 2;
            }
            p = Vp8Tokens.index(type, BANDS[n + 1], next);
            out[at + ZIGZAG[n]] = (short) ((bits.flag() ? -value : value) * (n > 0 ? ac : dc));
        }
        return BLOCK;
    }

    /** A value of 2 or more: the rest of the tree of 13.2. */
    private int largeValue(BoolDecoder bits, int p) {
        if (!bits.bit(tokens[p + 3])) {
            if (!bits.bit(tokens[p + 4])) {
                return 2;
            }
            return bits.bit(tokens[p + 5]) ? 4 : 3;
        }
        if (!bits.bit(tokens[p + 6])) {
            if (!bits.bit(tokens[p + 7])) {
                return bits.bit(159) ? 6 : 5;
            }
            int high = bits.bit(165) ? 2 : 0;
            return 7 + high + (bits.bit(145) ? 1 : 0);
        }
        int high = bits.bit(tokens[p + 8]) ? 1 : 0;
        int category = 2 * high + (bits.bit(tokens[p + 9 + high]) ? 1 : 0);
        int extra = 0;
        for (int probability : EXTRA_BITS[category]) {
            extra = extra << 1 | (bits.bit(probability) ? 1 : 0);
        }
        return 3 + (8 << category) + extra;
    }
}
