package io.cospace.encoder.image.webp;

import io.cospace.encoder.error.ImageException.Unreadable;

/** The lossy bitstream of WebP: one VP8 key frame (RFC 6386). */
public final class Vp8 {
    private static final int MAX_PROFILE = 3;

    private Vp8() {}

    /** Width and height in pixels, 1..16383. */
    public record Size(int width, int height) {}

    /**
     * The size that a frame declares.
     *
     * @param from first byte of the frame in {@code file}
     * @param end behind its last byte
     * @throws Unreadable when there is no key frame
     */
    public static Size size(byte[] file, int from, int end) {
        if (end - from < Vp8Header.FIXED_BYTES) {
            throw Vp8Header.truncated();
        }
        boolean keyFrame = (file[from] & 1) == 0;
        boolean shown = (file[from] >> 4 & 1) != 0;
        boolean startCode =
                file[from + 3] == (byte) 0x9d && file[from + 4] == 0x01 && file[from + 5] == 0x2a;
        if (!keyFrame || !shown || !startCode || (file[from] >> 1 & 7) > MAX_PROFILE) {
            throw new Unreadable("WebP image is damaged: its VP8 data are no key frame");
        }
        // The two highest bits of each are a wish for scaling.
        int width = ((file[from + 6] & 0xff) | (file[from + 7] & 0xff) << 8) & 0x3fff;
        int height = ((file[from + 8] & 0xff) | (file[from + 9] & 0xff) << 8) & 0x3fff;
        if (width == 0 || height == 0) {
            throw new Unreadable(
                    "WebP image is damaged: its VP8 frame is %dx%d px".formatted(width, height));
        }
        return new Size(width, height);
    }

    /**
     * RGB of the frame at {@code from}, [height, width, 3].
     *
     * @throws Unreadable when the data are damaged or end early
     */
    public static byte[] decode(byte[] file, int from, int end) {
        Vp8Header header = new Vp8Header(file, from, end);
        Vp8Planes planes = new Vp8Frame(header).decode();
        return Vp8Colors.toRgb(planes, header.width, header.height);
    }
}
