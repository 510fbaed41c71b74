package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.webp.Vp8l;

/**
 * The alpha plane beside a lossy WebP picture (RFC 9649, 2.7.1.2): plain or lossless, then
 * filtered.
 */
final class WebpAlpha {
    private static final int PLAIN = 0;
    private static final int LOSSLESS = 1;

    private final byte[] file;
    private final Slice chunk;
    private final int width;
    private final int height;

    WebpAlpha(byte[] file, Slice chunk, int width, int height) {
        this.file = file;
        this.chunk = chunk;
        this.width = width;
        this.height = height;
    }

    /** Opacity of each pixel, [height, width]. */
    byte[] decode() {
        if (chunk.length() < 2) {
            throw new Unreadable(
                    "WebP image is truncated: its alpha chunk has %d bytes"
                            .formatted(chunk.length()));
        }
        int header = file[chunk.from()];
        int method = header & 3;
        int preprocessing = header >> 4 & 3;
        if (method > LOSSLESS || preprocessing > 1 || (header & 0xc0) != 0) {
            throw new Unreadable(
                    "WebP image is damaged: its alpha header is %02x".formatted(header & 0xff));
        }
        byte[] plane = method == PLAIN ? plain() : lossless();
        unfilter(plane, header >> 2 & 3);
        return plane;
    }

    private byte[] plain() {
        byte[] plane = new byte[width * height];
        if (chunk.length() - 1 < plane.length) {
            throw new Unreadable(
                    "WebP image is truncated: its alpha plane has %d bytes of %d"
                            .formatted(chunk.length() - 1, plane.length));
        }
        System.arraycopy(file, chunk.from() + 1, plane, 0, plane.length);
        return plane;
    }

    /** The greens of a lossless image without a header. */
    private byte[] lossless() {
        int[] argb = Vp8l.decodeHeaderless(file, chunk.from() + 1, chunk.end(), width, height);
        byte[] plane = new byte[argb.length];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = (byte) (argb[i] >> 8);
        }
        return plane;
    }

    /**
     * Adds the prediction: left (1), above (2), or left + above less corner (3); at the border what
     * there is.
     */
    private void unfilter(byte[] plane, int filter) {
        if (filter == 0) {
            return;
        }
        for (int x = 1; x < width; x++) {
            plane[x] += plane[x - 1];
        }
        for (int y = 1; y < height; y++) {
            int row = y * width;
            plane[row] += plane[row - width];
            for (int i = row + 1; i < row + width; i++) {
                int left = plane[i - 1] & 0xff;
                int above = plane[i - width] & 0xff;
                int corner = plane[i - width - 1] & 0xff;
                plane[i] +=
                        (byte)
                                switch (filter) {
                                    case 1 -> left;
                                    case 2 -> above;
                                    default -> Math.clamp(left + above - corner, 0, 255);
                                };
            }
        }
    }
}
