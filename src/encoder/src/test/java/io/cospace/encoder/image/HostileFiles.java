package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Files whose headers lie, for tests. */
final class HostileFiles {
    static final int HUGE = 50_000;

    private HostileFiles() {}

    /** A header of {@link #HUGE} pixels a side, with little behind it. */
    static byte[] hugeHeader(String format) throws IOException {
        if (format.equals("webp")) {
            // The canvas of an extended file has 24 bits a side.
            byte[] body = {
                'V',
                'P',
                '8',
                'X',
                10,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                (byte) (HUGE - 1),
                (byte) (HUGE >> 8),
                0,
                (byte) (HUGE - 1),
                (byte) (HUGE >> 8),
                0
            };
            ByteBuffer file = ByteBuffer.allocate(12 + body.length).order(ByteOrder.LITTLE_ENDIAN);
            file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + body.length);
            file.put("WEBP".getBytes(StandardCharsets.US_ASCII)).put(body);
            return file.array();
        }
        return resized(format, HUGE, HUGE);
    }

    /** A sound file whose header was given another size. */
    static byte[] resized(String format, int width, int height) throws IOException {
        return switch (format) {
            case "jpeg" -> resizedJpeg(Golden.bytes("images/baseline.jpg"), width, height);
            case "png" -> png(width, height, 8, 2, new byte[] {120, -100, 3, 0, 0, 0, 0, 1});
            case "gif" -> resizedGif(width, height);
            case "bmp" -> resizedBmp(width, height);
            case "tiff" -> tiff(width, height);
            default -> throw new IllegalArgumentException(format);
        };
    }

    static byte[] resizedJpeg(byte[] file, int width, int height) {
        byte[] changed = file.clone();
        int frame = 0;
        while (changed[frame] != (byte) 0xff
                || (changed[frame + 1] != (byte) 0xc0 && changed[frame + 1] != (byte) 0xc2)) {
            frame++;
        }
        ByteBuffer.wrap(changed)
                .putShort(frame + 5, (short) height)
                .putShort(frame + 7, (short) width);
        return changed;
    }

    private static byte[] resizedBmp(int width, int height) throws IOException {
        byte[] file = Golden.bytes("images/rgb.bmp");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(18, width).putInt(22, height);
        return file;
    }

    /** Screen and picture are given the size. */
    private static byte[] resizedGif(int width, int height) throws IOException {
        byte[] file = Golden.bytes("images/animated.gif");
        int descriptor = 13 + (3 << ((file[10] & 7) + 1));
        while (file[descriptor] == '!') {
            descriptor += 2;
            while (file[descriptor] != 0) {
                descriptor += 1 + (file[descriptor] & 0xff);
            }
            descriptor++;
        }
        assertThat(file[descriptor]).isEqualTo((byte) ',');
        ByteBuffer changed = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        changed.putShort(6, (short) width).putShort(8, (short) height);
        changed.putShort(descriptor + 5, (short) width).putShort(descriptor + 7, (short) height);
        return file;
    }

    static byte[] png(int width, int height, int bits, int colorType, byte[] data)
            throws IOException {
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(width).putInt(height).put((byte) bits).put((byte) colorType);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.writeLong(0x89504e470d0a1a0aL);
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", data);
        chunk(out, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] body) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(body);
        out.writeInt(body.length);
        out.write(name);
        out.write(body);
        out.writeInt((int) crc.getValue());
    }

    /** Eight-bit grey in one strip of no length. */
    private static byte[] tiff(int width, int height) {
        int[][] entries = {
            {256, width}, {257, height}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {279, 0}
        };
        ByteBuffer file =
                ByteBuffer.allocate(8 + 2 + 12 * entries.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'I')
                .put((byte) 'I')
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) entries.length);
        for (int[] entry : entries) {
            file.putShort((short) entry[0]).putShort((short) 4).putInt(1).putInt(entry[1]);
        }
        return file.array();
    }
}
