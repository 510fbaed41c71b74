package io.cospace.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.ImageException.TooLarge;
import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;
import io.cospace.encoder.image.GoldenTensors.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    private static final long MEBIBYTE = 1 << 20;

    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults(), null);

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "webp", "gif", "bmp", "tiff"})
    void refuses_a_header_of_50000_x_50000_before_it_allocates_pixels(String format)
            throws IOException {
        byte[] file = HostileFiles.hugeHeader(format);

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
        byte[] file = HostileFiles.resized(format, 8000, 8000);

        long before = allocatedBytes();
        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("truncated");
        assertThat(allocatedBytes() - before).isLessThan(4 * MEBIBYTE);
    }

    @Test
    void refuses_sides_of_zero() throws IOException {
        for (String format : new String[] {"jpeg", "png", "bmp", "tiff"}) {
            byte[] file = HostileFiles.resized(format, 0, 10);
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
        byte[] file = HostileFiles.png(8000, 8000, 1, 0, zeros.toByteArray());

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
        out.write(HostileFiles.resizedJpeg(file, 8000, 8000), 0, scan);
        for (int i = 0; i < 100; i++) {
            out.write(file, scan, file.length - 2 - scan);
        }
        out.write(new byte[700_000]);
        out.write(file, file.length - 2, 2);

        assertThatThrownBy(() -> decoder.decode(out.toByteArray()))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("scans of 8000x8000 px");
    }

    @Test
    void refuses_a_tiny_jpeg_with_a_million_segments() throws IOException {
        byte[] file = Golden.bytes("images/grey.jpg");
        byte[] restartInterval = {(byte) 0xff, (byte) 0xdd, 0, 4, 0, 0};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, 2);
        for (int i = 0; i < 1_000_000; i++) {
            out.write(restartInterval);
        }
        out.write(file, 2, file.length - 2);

        assertThatThrownBy(() -> decoder.decode(out.toByteArray()))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("more than 500 scans or 5000 segments");
    }

    private static int lastScan(byte[] jpeg) {
        int at = jpeg.length - 2;
        while (jpeg[at] != (byte) 0xff || jpeg[at + 1] != (byte) 0xda) {
            at--;
        }
        return at;
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
