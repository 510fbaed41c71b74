package io.cospace.export.recipe;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * Writes small RGB pictures as PNG without compression (stored blocks of RFC 1951), so that the
 * bytes do not depend on a version of zlib, and every decoder gives back the same pixels.
 */
public final class PlainPng {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Largest stored block of RFC 1951. */
    private static final int BLOCK = 65_535;

    private PlainPng() {}

    /**
     * Encodes one picture.
     *
     * @param width in pixels
     * @param height in pixels
     * @param rgb {@code 3 * width * height} bytes, rows from the top, pixels from the left, R G B
     */
    public static byte[] encode(int width, int height, byte[] rgb) {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "%d bytes are no RGB image of %dx%d".formatted(rgb.length, width, height));
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        // 8 bits a channel, colour type 2 (RGB), deflate, adaptive filters, not interlaced.
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array());
        chunk(png, "IDAT", stored(scanlines(width, height, rgb)));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    /** Each row behind a zero: filter "none". */
    private static byte[] scanlines(int width, int height, byte[] rgb) {
        int stride = 3 * width;
        byte[] lines = new byte[height * (stride + 1)];
        for (int row = 0; row < height; row++) {
            System.arraycopy(rgb, row * stride, lines, row * (stride + 1) + 1, stride);
        }
        return lines;
    }

    /** A zlib stream (RFC 1950) of stored blocks. */
    private static byte[] stored(byte[] content) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.write(0x78);
        stream.write(0x01);
        for (int from = 0; from < content.length; from += BLOCK) {
            int length = Math.min(BLOCK, content.length - from);
            stream.write(from + length == content.length ? 1 : 0);
            stream.write(length & 0xff);
            stream.write(length >> 8);
            stream.write(~length & 0xff);
            stream.write(~length >> 8 & 0xff);
            stream.write(content, from, length);
        }
        Adler32 check = new Adler32();
        check.update(content);
        stream.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
        return stream.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(content);
        png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        png.writeBytes(name);
        png.writeBytes(content);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }
}
