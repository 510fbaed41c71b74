package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.ImageException.TooLarge;
import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;
import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that lie, are cut short or are no images: refused with a cause, before they cost anything.
 */
@Timeout(30)
final class HostileImagesTest {
    private static final int HUGE = 50_000;
    private static final long MEBIBYTE = 1 << 20;

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults(), null);

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "webp", "gif", "bmp", "tiff"})
    void refuses_a_header_of_50000_x_50000_before_it_allocates_pixels(String format)
            throws IOException {
        byte[] file = hugeHeader(format);

        long before = allocatedBytes();
        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(TooLarge.class)
                .hasMessageContaining(format.equals("webp") ? "px" : "50000x50000");
        assertThat(allocatedBytes() - before).isLessThan(4 * MEBIBYTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "tiff"})
    void refuses_a_picture_that_its_file_cannot_hold_before_it_allocates_pixels(String format)
            throws IOException {
        byte[] file = resized(format, 8000, 8000);

        long before = allocatedBytes();
        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("truncated");
        assertThat(allocatedBytes() - before).isLessThan(4 * MEBIBYTE);
    }

    @Test
    void refuses_sides_of_zero() throws IOException {
        for (String format : new String[] {"jpeg", "png", "bmp", "tiff"}) {
            byte[] file = resized(format, 0, 10);
            assertThatThrownBy(() -> decoder.decode(file))
                    .as(format)
                    .isInstanceOf(Unreadable.class)
                    .hasMessageContaining("0x10");
        }
    }

    @Test
    void refuses_a_side_over_its_limit_and_a_file_over_its_bytes() throws IOException {
        byte[] file = Golden.bytes("images/rgb.png");

        assertThatThrownBy(() ->
                        new ImageDecoder(new ImageLimits(1000, 10_000, 100), null).decode(file))
                .isInstanceOf(TooLarge.class)
                .hasMessage("image has 17375 bytes; at most 1000 are read");
        assertThatThrownBy(() ->
                        new ImageDecoder(new ImageLimits(100_000, 10_000, 96), null).decode(file))
                .isInstanceOf(TooLarge.class)
                .hasMessage("image is 97x71 px; each side must be 1..96");
        assertThatThrownBy(() ->
                        new ImageDecoder(new ImageLimits(100_000, 6886, 97), null).decode(file))
                .isInstanceOf(TooLarge.class)
                .hasMessage("image is 97x71 = 6887 px; at most 6886 are decoded");
        assertThat(new ImageDecoder(new ImageLimits(17_375, 6887, 97), null).decode(file).width())
                .isEqualTo(97);
    }

    @Test
    void refuses_what_is_no_image() throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("photo.jpg"));
            out.write(Golden.bytes("images/grey.jpg"));
        }
        assertThatThrownBy(() -> decoder.decode(zip.toByteArray()))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("begin with 50 4b 03 04");
        assertThatThrownBy(() -> decoder.decode(new byte[0]))
                .isInstanceOf(Unreadable.class)
                .hasMessage("image is empty: 0 bytes");
        assertThatThrownBy(() -> decoder.decode(new byte[3000])).isInstanceOf(Unreadable.class);
        assertThatThrownBy(() ->
                        decoder.decode(
                                "<svg xmlns='http://www.w3.org/2000/svg'/>"
                                        .getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("SVG");
        assertThatThrownBy(() ->
                        decoder.decode(
                                "\0\0\0\30ftypheic\0\0\0\0mif1heic"
                                        .getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("HEIC");
    }

    @Test
    void refuses_a_png_that_inflates_without_end() throws IOException {
        // 8000 x 8000 of one bit are 8 MB of pixels, for which 30 MB of zeros come: the rest is not
        // inflated.
        ByteArrayOutputStream zeros = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(zeros)) {
            out.write(new byte[30_000_000]);
        }
        byte[] file = png(8000, 8000, 1, 0, zeros.toByteArray());

        RgbImage image = decoder.decode(file);

        assertThat(image.width()).isEqualTo(8000);
        assertThat(image.rgb()[image.rgb().length - 1]).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline.jpg",
                "progressive.jpg",
                "cmyk.jpg",
                "rgb.png",
                "grey16.png",
                "animated.gif",
                "rgb.bmp",
                "lossy.webp",
                "lossless_alpha.webp"
            })
    void refuses_a_file_that_is_cut_anywhere_in_its_pixels(String name) throws IOException {
        byte[] file = Golden.bytes("images/" + name);
        for (double part : new double[] {0.05, 0.3, 0.5, 0.7, 0.9}) {
            byte[] cut =
                    Arrays.copyOf(
                            file,
                            (int) (file.length * (name.equals("animated.gif") ? part / 2 : part)));
            assertThatThrownBy(() -> decoder.decode(cut))
                    .as("%s of %s", part, name)
                    .isInstanceOf(ImageException.class)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void refuses_a_progressive_jpeg_with_scans_without_end() throws IOException {
        byte[] file = Golden.bytes("images/progressive.jpg");
        int scan = lastScan(file);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(resizedJpeg(file, 8000, 8000), 0, scan);
        for (int i = 0; i < 100; i++) {
            out.write(file, scan, file.length - 2 - scan);
        }
        out.write(new byte[700_000]);
        out.write(file, file.length - 2, 2);

        assertThatThrownBy(() -> decoder.decode(out.toByteArray()))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("scans of 8000x8000 px");
    }

    private static int lastScan(byte[] jpeg) {
        int at = jpeg.length - 2;
        while (jpeg[at] != (byte) 0xff || jpeg[at + 1] != (byte) 0xda) {
            at--;
        }
        return at;
    }

    private static byte[] hugeHeader(String format) throws IOException {
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
    private static byte[] resized(String format, int width, int height) throws IOException {
        return switch (format) {
            case "jpeg" -> resizedJpeg(Golden.bytes("images/baseline.jpg"), width, height);
            case "png" -> png(width, height, 8, 2, new byte[] {120, -100, 3, 0, 0, 0, 0, 1});
            case "gif" -> resizedGif(width, height);
            case "bmp" -> resizedBmp(width, height);
            case "tiff" -> tiff(width, height);
            default -> throw new IllegalArgumentException(format);
        };
    }

    private static byte[] resizedJpeg(byte[] file, int width, int height) {
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

    private static byte[] png(int width, int height, int bits, int colorType, byte[] data)
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

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
