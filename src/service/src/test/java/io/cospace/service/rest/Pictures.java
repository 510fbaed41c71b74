package io.cospace.service.rest;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Image files, good and bad, made when they are needed. */
final class Pictures {

    private Pictures() {}

    /** A picture of 48 x 32 pixels in a format that ImageIO writes. */
    static byte[] picture(String format) {
        BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.ORANGE);
        graphics.fillRect(0, 0, 48, 32);
        graphics.setColor(Color.BLUE);
        graphics.fillOval(8, 4, 24, 24);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The first half of a JPEG file. */
    static byte[] truncatedJpeg() {
        byte[] whole = picture("jpg");
        return Arrays.copyOf(whole, whole.length / 2);
    }

    /**
     * A PNG file whose header says that size, with so many bytes of zeros behind it, compressed.
     */
    static byte[] png(int width, int height, int zeros) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(header);
            out.writeInt(width);
            out.writeInt(height);
            out.write(new byte[] {8, 0, 0, 0, 0});
            chunk(file, "IHDR", header.toByteArray());
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
                byte[] block = new byte[1 << 16];
                for (int left = zeros; left > 0; left -= block.length) {
                    deflater.write(block, 0, Math.min(left, block.length));
                }
            }
            chunk(file, "IDAT", data.toByteArray());
            chunk(file, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** A zip archive. */
    static byte[] zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("photo.jpg"));
            zip.write(picture("jpg"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The beginning of an AVIF file. */
    static byte[] avif() {
        byte[] file = new byte[64];
        byte[] head = "\0\0\0 ftypavif".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(head, 0, file, 0, head.length);
        return file;
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data)
            throws IOException {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }
}
