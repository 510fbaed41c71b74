package io.cospace.encoder.image.webp;

import io.cospace.encoder.image.webp.Vp8Planes.Plane;
import java.util.Arrays;

/**
 * Intra prediction (RFC 6386, section 12): blocks guessed from the samples above and to the left.
 */
final class Vp8Prediction {
    /** Modes in the order of {@link Vp8SubblockModes}; whole blocks use the first four. */
    static final int DC = 0;

    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    static final int DOWN_RIGHT = 4;
    static final int VERTICAL_RIGHT = 5;
    static final int DOWN_LEFT = 6;
    static final int VERTICAL_LEFT = 7;
    static final int HORIZONTAL_DOWN = 8;
    static final int HORIZONTAL_UP = 9;
    static final int MODES = 10;

    private Vp8Prediction() {}

    /**
     * Predicts a whole block of {@code size} 16 (luma) or 8 (chroma) samples a side.
     *
     * @param x column of its first sample
     * @param y row of its first sample
     */
    static void whole(Plane plane, int x, int y, int size, int mode) {
        byte[] samples = plane.samples;
        int at = plane.at(x, y);
        switch (mode) {
            case DC -> fill(plane, at, size, average(plane, x, y, size));
            case TRUE_MOTION -> trueMotion(plane, at, size);
            case VERTICAL -> {
                for (int row = 0; row < size; row++) {
                    System.arraycopy(
                            samples, at - plane.stride, samples, at + row * plane.stride, size);
                }
            }
            default -> {
                for (int row = 0, p = at; row < size; row++, p += plane.stride) {
                    Arrays.fill(samples, p, p + size, samples[p - 1]);
                }
            }
        }
    }

    private static void fill(Plane plane, int at, int size, int value) {
        for (int row = 0, p = at; row < size; row++, p += plane.stride) {
            Arrays.fill(plane.samples, p, p + size, (byte) value);
        }
    }

    /** The mean of the neighbours that are in the picture; 128 without any. */
    private static int average(Plane plane, int x, int y, int size) {
        int at = plane.at(x, y);
        int sum = 0;
        int count = 0;
        if (y > 0) {
            for (int i = 0; i < size; i++) {
                sum += plane.samples[at - plane.stride + i] & 0xff;
            }
            count += size;
        }
        if (x > 0) {
            for (int i = 0; i < size; i++) {
                sum += plane.samples[at + i * plane.stride - 1] & 0xff;
            }
            count += size;
        }
        // Counts are powers of two.
        return count == 0 ? 128 : (sum + count / 2) / count;
    }

    /** Left plus above less the corner. */
    private static void trueMotion(Plane plane, int at, int size) {
        byte[] samples = plane.samples;
        int top = at - plane.stride;
        int corner = samples[top - 1] & 0xff;
        for (int row = 0, p = at; row < size; row++, p += plane.stride) {
            int base = (samples[p - 1] & 0xff) - corner;
            for (int i = 0; i < size; i++) {
                samples[p + i] =
                        (byte) Math.min(Math.max(base + (samples[top + i] & 0xff), 0), 255);
            }
        }
    }

    /**
     * Predicts a 4x4 block of luma at {@code at}.
     *
     * @param e its 13 neighbours, from the lowest on the left up to the corner, then along the row
     *     above to the fourth beyond the block; named E in 12.3
     */
    static void subblock(Plane plane, int at, int mode, int[] e) {
        switch (mode) {
            case DC ->
                    fill(
                            plane,
                            at,
                            4,
                            (e[0] + e[1] + e[2] + e[3] + e[5] + e[6] + e[7] + e[8] + 4) >> 3);
            case TRUE_MOTION -> trueMotion(plane, at, 4);
            case VERTICAL -> {
                for (int x = 0; x < 4; x++) {
                    column(plane, at + x, mean(e, 4 + x));
                }
            }
            case HORIZONTAL -> {
                row(plane, at, mean(e, 2));
                row(plane, at + plane.stride, mean(e, 1));
                row(plane, at + 2 * plane.stride, mean(e, 0));
                row(plane, at + 3 * plane.stride, weigh(e[1], e[0], e[0]));
            }
            default -> Vp8DiagonalPrediction.subblock(plane, at, mode, e);
        }
    }

    private static void column(Plane plane, int at, int value) {
        for (int y = 0; y < 4; y++) {
            plane.samples[at + y * plane.stride] = (byte) value;
        }
    }

    private static void row(Plane plane, int at, int value) {
        Arrays.fill(plane.samples, at, at + 4, (byte) value);
    }

    /** The neighbours {@code i} to {@code i + 2}, the middle one twice. */
    static int mean(int[] e, int i) {
        return weigh(e[i], e[i + 1], e[i + 2]);
    }

    private static int weigh(int a, int b, int c) {
        return (a + 2 * b + c + 2) >> 2;
    }
}
