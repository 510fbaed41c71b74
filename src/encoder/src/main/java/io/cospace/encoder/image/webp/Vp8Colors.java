package io.cospace.encoder.image.webp;

import io.cospace.encoder.image.webp.Vp8Planes.Plane;

/**
 * Luma and half-sized chroma to RGB, in the integers of libwebp: chroma interpolated with weights
 * 9, 3, 3, 1 in two roundings ("fancy upsampling", upsampling.c), then BT.601 (yuv.h).
 */
final class Vp8Colors {
    private Vp8Colors() {}

    /** RGB [height, width, 3]. */
    static byte[] toRgb(Vp8Planes planes, int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        int[] blue = new int[width];
        int[] red = new int[width];
        int chromaRows = Math.ceilDiv(height, 2);
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int far = Math.clamp((y & 1) == 0 ? near - 1L : near + 1L, 0, chromaRows - 1);
            interpolate(planes.blue, near, far, blue);
            interpolate(planes.red, near, far, red);
            convert(planes.luma, y, blue, red, rgb, y * width * 3);
        }
        return rgb;
    }

    /**
     * One row of a chroma plane at full width.
     *
     * @param near the chroma row that is nearest
     * @param far the next one on the other side, or {@code near} again at the border
     */
    private static void interpolate(Plane plane, int near, int far, int[] row) {
        byte[] s = plane.samples;
        int n = plane.at(0, near);
        int f = plane.at(0, far);
        row[0] = (3 * (s[n] & 0xff) + (s[f] & 0xff) + 2) >> 2;
        int pairs = (row.length - 1) >> 1;
        for (int x = 1; x <= pairs; x++) {
            int nearLeft = s[n + x - 1] & 0xff;
            int nearRight = s[n + x] & 0xff;
            int farLeft = s[f + x - 1] & 0xff;
            int farRight = s[f + x] & 0xff;
            int sum = nearLeft + nearRight + farLeft + farRight + 8;
            row[2 * x - 1] = (((sum + 2 * (nearRight + farLeft)) >> 3) + nearLeft) >> 1;
            row[2 * x] = (((sum + 2 * (nearLeft + farRight)) >> 3) + nearRight) >> 1;
        }
        if ((row.length & 1) == 0) {
            row[row.length - 1] = (3 * (s[n + pairs] & 0xff) + (s[f + pairs] & 0xff) + 2) >> 2;
        }
    }

    private static void convert(Plane plane, int y, int[] blue, int[] red, byte[] rgb, int to) {
        int luma = plane.at(0, y);
        for (int x = 0, p = to; x < blue.length; x++, p += 3) {
            int light = ((plane.samples[luma + x] & 0xff) * 19077) >> 8;
            rgb[p] = clamp(light + ((red[x] * 26149) >> 8) - 14234);
            rgb[p + 1] = clamp(light - ((blue[x] * 6419) >> 8) - ((red[x] * 13320) >> 8) + 8708);
            rgb[p + 2] = clamp(light + ((blue[x] * 33050) >> 8) - 17685);
        }
    }

    /** From fixed point with six bits below the point. */
    private static byte clamp(int value) {
        return (byte) Math.min(Math.max(value >> 6, 0), 255);
    }
}
