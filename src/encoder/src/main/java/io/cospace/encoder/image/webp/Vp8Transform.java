package io.cospace.encoder.image.webp;

/** The inverse transforms of VP8 (RFC 6386, 14.3 and 14.4), exact in integers. */
final class Vp8Transform {
    /** sqrt(2) cos(pi/8) less 1, and sqrt(2) sin(pi/8), times 65536. */
    private static final int COSINE_LESS_ONE = 20091;

    private static final int SINE = 35468;

    private Vp8Transform() {}

    /** Writes 16 DCs to the first coefficients of 16 blocks. */
    static void inverseWalshHadamard(short[] in, short[] blocks) {
        int[] columns = new int[16];
        for (int i = 0; i < 4; i++) {
            int a = in[i] + in[12 + i];
            int b = in[4 + i] + in[8 + i];
            int c = in[4 + i] - in[8 + i];
            int d = in[i] - in[12 + i];
            columns[i] = a + b;
            columns[4 + i] = d + c;
            columns[8 + i] = a - b;
            columns[12 + i] = d - c;
        }
        for (int i = 0; i < 16; i += 4) {
            int a = columns[i] + 3 + columns[i + 3];
            int b = columns[i + 1] + columns[i + 2];
            int c = columns[i + 1] - columns[i + 2];
            int d = columns[i] + 3 - columns[i + 3];
            blocks[16 * i] = (short) ((a + b) >> 3);
            blocks[16 * (i + 1)] = (short) ((d + c) >> 3);
            blocks[16 * (i + 2)] = (short) ((a - b) >> 3);
            blocks[16 * (i + 3)] = (short) ((d - c) >> 3);
        }
    }

    /**
     * Adds a block's residual to the 4x4 samples at {@code to}.
     *
     * @param from first of 16 coefficients
     * @param extent as {@link Vp8Residuals#extent} has it
     */
    static void add(
            short[] coefficients, int from, int extent, byte[] samples, int to, int stride) {
        if (extent == 1) {
            addConstant((coefficients[from] + 4) >> 3, samples, to, stride);
        } else if (extent == 2) {
            addFull(coefficients, from, samples, to, stride);
        }
    }

    private static void addConstant(int value, byte[] samples, int to, int stride) {
        for (int y = 0, row = to; y < 4; y++, row += stride) {
            for (int x = 0; x < 4; x++) {
                samples[row + x] = clamp((samples[row + x] & 0xff) + value);
            }
        }
    }

    private static void addFull(short[] in, int from, byte[] samples, int to, int stride) {
        int[] columns = new int[16];
        for (int i = 0; i < 4; i++) {
            int a = in[from + i] + in[from + 8 + i];
            int b = in[from + i] - in[from + 8 + i];
            int c = sine(in[from + 4 + i]) - cosine(in[from + 12 + i]);
            int d = cosine(in[from + 4 + i]) + sine(in[from + 12 + i]);
            columns[4 * i] = a + d;
            columns[4 * i + 1] = b + c;
            columns[4 * i + 2] = b - c;
            columns[4 * i + 3] = a - d;
        }
        for (int y = 0, row = to; y < 4; y++, row += stride) {
            int a = columns[y] + 4 + columns[8 + y];
            int b = columns[y] + 4 - columns[8 + y];
            int c = sine(columns[4 + y]) - cosine(columns[12 + y]);
            int d = cosine(columns[4 + y]) + sine(columns[12 + y]);
            samples[row] = clamp((samples[row] & 0xff) + ((a + d) >> 3));
            samples[row + 1] = clamp((samples[row + 1] & 0xff) + ((b + c) >> 3));
            samples[row + 2] = clamp((samples[row + 2] & 0xff) + ((b - c) >> 3));
            samples[row + 3] = clamp((samples[row + 3] & 0xff) + ((a - d) >> 3));
        }
    }

    private static int cosine(int value) {
        return ((value * COSINE_LESS_ONE) >> 16) + value;
    }

    private static int sine(int value) {
        return (value * SINE) >> 16;
    }

    private static byte clamp(int value) {
        return (byte) Math.min(Math.max(value, 0), 255);
    }
}
