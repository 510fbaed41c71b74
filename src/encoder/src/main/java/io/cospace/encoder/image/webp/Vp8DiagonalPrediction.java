package io.cospace.encoder.image.webp;

import static io.cospace.encoder.image.webp.Vp8Prediction.mean;

import io.cospace.encoder.image.webp.Vp8Planes.Plane;

/**
 * The six slanted modes of 4x4 blocks (RFC 6386, 12.3). Each value is the same along its slant: a
 * mean of two or three consecutive neighbours E, which run from the lower left over the corner E[4]
 * to the upper right.
 */
final class Vp8DiagonalPrediction {
    private Vp8DiagonalPrediction() {}

    static void subblock(Plane plane, int at, int mode, int[] e) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                int value =
                        switch (mode) {
                            case Vp8Prediction.DOWN_RIGHT -> mean(e, 3 + x - y);
                            case Vp8Prediction.DOWN_LEFT -> downLeft(e, x + y);
                            case Vp8Prediction.VERTICAL_RIGHT -> verticalRight(e, 2 * x - y);
                            case Vp8Prediction.VERTICAL_LEFT -> verticalLeft(e, x, y);
                            case Vp8Prediction.HORIZONTAL_DOWN -> horizontalDown(e, 2 * y - x);
                            default -> horizontalUp(e, x + 2 * y);
                        };
                plane.samples[at + y * plane.stride + x] = (byte) value;
            }
        }
    }

    private static int downLeft(int[] e, int slant) {
        return slant < 6 ? mean(e, 5 + slant) : (e[11] + 3 * e[12] + 2) >> 2;
    }

    private static int verticalRight(int[] e, int slant) {
        if (slant < 0) {
            return mean(e, 4 + slant);
        }
        return (slant & 1) == 0 ? half(e, 4 + slant / 2) : mean(e, 4 + slant / 2);
    }

    private static int verticalLeft(int[] e, int x, int y) {
        if (x == 3 && y >= 2) {
            return mean(e, 7 + y);
        }
        return (y & 1) == 0 ? half(e, 5 + x + y / 2) : mean(e, 5 + x + y / 2);
    }

    private static int horizontalDown(int[] e, int slant) {
        if (slant < 0) {
            return mean(e, 2 - slant);
        }
        return (slant & 1) == 0 ? half(e, 3 - slant / 2) : mean(e, 2 - slant / 2);
    }

    private static int horizontalUp(int[] e, int slant) {
        if (slant >= 5) {
            return slant == 5 ? (e[1] + 3 * e[0] + 2) >> 2 : e[0];
        }
        return (slant & 1) == 0 ? half(e, 2 - slant / 2) : mean(e, 1 - slant / 2);
    }

    private static int half(int[] e, int i) {
        return (e[i] + e[i + 1] + 1) >> 1;
    }
}
