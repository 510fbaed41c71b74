package io.cospace.training.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cospace.encoder.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Small pictures for tests, and PNG files of them. */
public final class Shapes {
    private Shapes() {}

    /** A coloured rectangle on white whose place and colour depend on the number. */
    public static RgbImage picture(int number, int side) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] rgb = new byte[side * side * 3];
        Arrays.fill(rgb, (byte) 255);
        for (int part = 0; part < 3; part++) {
            int left = random.nextInt(side / 2);
            int top = random.nextInt(side / 2);
            int width = side / 4 + random.nextInt(side / 4);
            byte[] colour = new byte[3];
            random.nextBytes(colour);
            for (int y = top; y < top + width; y++) {
                for (int x = left; x < left + width; x++) {
                    System.arraycopy(colour, 0, rgb, (y * side + x) * 3, 3);
                }
            }
        }
        return new RgbImage(side, side, rgb);
    }

    /** The picture as a PNG file (no filter, one IDAT). */
    public static byte[] png(RgbImage image) {
        int stride = image.width() * 3 + 1;
        byte[] raw = new byte[stride * image.height()];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * (stride - 1), raw, y * stride + 1, stride - 1);
        }
        Deflater deflater = new Deflater();
        deflater.setInput(raw);
        deflater.finish();
        byte[] packed = new byte[raw.length + 1024];
        int length = deflater.deflate(packed);
        deflater.end();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        byte[] header =
                ByteBuffer.allocate(13)
                        .putInt(image.width())
                        .putInt(image.height())
                        .put(new byte[] {8, 2, 0, 0, 0})
                        .array();
        chunk(out, "IHDR", header);
        chunk(out, "IDAT", Arrays.copyOf(packed, length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
        byte[] name = type.getBytes(US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(name);
        out.writeBytes(content);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }
}
