package io.cospace.encoder.image.webp;

/**
 * Filters across one edge (RFC 6386, 15.2 and 15.3). A position is that of the first sample behind
 * the edge; {@code across} leads from sample to sample over the edge, {@code along} beside it.
 */
final class Vp8EdgeFilter {
    private Vp8EdgeFilter() {}

    /** How large the step at the edge is: four times the inner difference and the outer one. */
    static int step(byte[] s, int p, int across) {
        return 4 * difference(s, p - across, p) + difference(s, p - 2 * across, p + across);
    }

    static void macroblockEdge(
            byte[] s, int from, int across, int along, int size, Vp8FilterStrength strength) {
        int limit = 2 * (strength.limit() + 4) + 1;
        for (int i = 0, p = from; i < size; i++, p += along) {
            if (step(s, p, across) <= limit && smooth(s, p, across, strength.interior())) {
                if (highVariance(s, p, across, strength.highVariance())) {
                    two(s, p, across);
                } else {
                    six(s, p, across);
                }
            }
        }
    }

    static void innerEdge(
            byte[] s, int from, int across, int along, int size, Vp8FilterStrength strength) {
        int limit = 2 * strength.limit() + 1;
        for (int i = 0, p = from; i < size; i++, p += along) {
            if (step(s, p, across) <= limit && smooth(s, p, across, strength.interior())) {
                if (highVariance(s, p, across, strength.highVariance())) {
                    two(s, p, across);
                } else {
                    four(s, p, across);
                }
            }
        }
    }

    /**
     * Whether no two neighbours of the four on either side differ by more than {@code interior}.
     */
    private static boolean smooth(byte[] s, int p, int across, int interior) {
        return difference(s, p - 4 * across, p - 3 * across) <= interior
                && difference(s, p - 3 * across, p - 2 * across) <= interior
                && difference(s, p - 2 * across, p - across) <= interior
                && difference(s, p + 3 * across, p + 2 * across) <= interior
                && difference(s, p + 2 * across, p + across) <= interior
                && difference(s, p + across, p) <= interior;
    }

    private static boolean highVariance(byte[] s, int p, int across, int threshold) {
        return difference(s, p - 2 * across, p - across) > threshold
                || difference(s, p + across, p) > threshold;
    }

    /** Changes one sample on either side. */
    static void two(byte[] s, int p, int across) {
        int before = s[p - across] & 0xff;
        int behind = s[p] & 0xff;
        int a =
                3 * (behind - before)
                        + clampSigned((s[p - 2 * across] & 0xff) - (s[p + across] & 0xff));
        s[p - across] = clamp(before + clampStep((a + 3) >> 3));
        s[p] = clamp(behind - clampStep((a + 4) >> 3));
    }

    private static void four(byte[] s, int p, int across) {
        int before = s[p - across] & 0xff;
        int behind = s[p] & 0xff;
        int a = 3 * (behind - before);
        int near = clampStep((a + 4) >> 3);
        int far = (near + 1) >> 1;
        s[p - 2 * across] = clamp((s[p - 2 * across] & 0xff) + far);
        s[p - across] = clamp(before + clampStep((a + 3) >> 3));
        s[p] = clamp(behind - near);
        s[p + across] = clamp((s[p + across] & 0xff) - far);
    }

    private static void six(byte[] s, int p, int across) {
        int before = s[p - across] & 0xff;
        int behind = s[p] & 0xff;
        int outer = clampSigned((s[p - 2 * across] & 0xff) - (s[p + across] & 0xff));
        int a = clampSigned(3 * (behind - before) + outer);
        change(s, p - across, p, (27 * a + 63) >> 7);
        change(s, p - 2 * across, p + across, (18 * a + 63) >> 7);
        change(s, p - 3 * across, p + 2 * across, (9 * a + 63) >> 7);
    }

    private static void change(byte[] s, int before, int behind, int by) {
        s[before] = clamp((s[before] & 0xff) + by);
        s[behind] = clamp((s[behind] & 0xff) - by);
    }

    private static int difference(byte[] s, int p, int q) {
        return Math.abs((s[p] & 0xff) - (s[q] & 0xff));
    }

    private static int clampSigned(int value) {
        return Math.min(Math.max(value, -128), 127);
    }

    /** To what a signed byte, shifted by three, can be. */
    private static int clampStep(int value) {
        return Math.min(Math.max(value, -16), 15);
    }

    private static byte clamp(int value) {
        return (byte) Math.min(Math.max(value, 0), 255);
    }
}
