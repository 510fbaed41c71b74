package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * JPEG through the JDK's libjpeg, whose inverse cosine transform and chroma interpolation (but for
 * 4:4:0, see {@link JpegChroma}) give the very samples of libjpeg-turbo as Pillow builds it. The
 * library sees a stream of its own, made of the segments that the samples depend on, and is asked
 * for the samples as they are: colour is converted here, since the JDK's idea of it depends on
 * profiles and on guesses.
 */
final class JpegDecoder {
    /**
     * A frame's blocks, times its scans, are work; this many is about twenty scans of 64
     * megapixels.
     */
    private static final long MAX_BLOCK_VISITS = 64_000_000L * 3 / 64 * 20;

    private JpegDecoder() {}

    static Bitmap decode(byte[] file, PixelBudget.Claim claim) {
        JpegHeader header = JpegScanner.scan(file);
        byte[] rgb = JpegColor.toRgb(samples(file, header, claim), header);
        return new Bitmap(header.width(), header.height(), rgb, null, header.orientation());
    }

    /**
     * The samples [height, width, components] in the colour space of the file, at full resolution.
     *
     * @param header what the scan of {@code file} found
     */
    static byte[] samples(byte[] file, JpegHeader header, PixelBudget.Claim claim) {
        claim.take(header.width(), header.height());
        checkPlausible(header, file.length);
        byte[] samples = read(header, file);
        JpegChroma.interpolateRows(samples, header);
        return samples;
    }

    /**
     * Each block of a frame takes one bit at least, in the file; and only so many scans make sense.
     */
    private static void checkPlausible(JpegHeader header, int fileBytes) {
        int mostHorizontal = 1;
        int mostVertical = 1;
        int perUnit = 0;
        for (JpegHeader.Component c : header.components()) {
            mostHorizontal = Math.max(mostHorizontal, c.horizontal());
            mostVertical = Math.max(mostVertical, c.vertical());
            perUnit += c.horizontal() * c.vertical();
        }
        long units =
                (long) Math.ceilDiv(header.width(), 8 * mostHorizontal)
                        * Math.ceilDiv(header.height(), 8 * mostVertical);
        long blocks =
                header.components().size() == 1
                        ? (long) Math.ceilDiv(header.width(), 8) * Math.ceilDiv(header.height(), 8)
                        : units * perUnit;
        if (blocks / 8 > fileBytes) {
            throw new Unreadable(
                    "JPEG image is truncated: %d bytes cannot hold %dx%d px"
                            .formatted(fileBytes, header.width(), header.height()));
        }
        if (blocks * header.scans() > MAX_BLOCK_VISITS) {
            throw new Unreadable(
                    "JPEG image has %d scans of %dx%d px, more than are decoded"
                            .formatted(header.scans(), header.width(), header.height()));
        }
    }

    private static byte[] read(JpegHeader header, byte[] file) {
        SegmentStream stream = new SegmentStream(essence(header, file));
        ImageReader reader = libjpeg();
        try {
            reader.setInput(stream, true, true);
            Raster raster = reader.readRaster(0, null);
            if (stream.starved()) {
                throw new Unreadable(
                        "JPEG image is truncated: the data of %dx%d px end early"
                                .formatted(header.width(), header.height()));
            }
            return bytesOf(raster, header);
        } catch (IOException | RuntimeException e) {
            if (e instanceof Unreadable unreadable) {
                throw unreadable;
            }
            throw new Unreadable("JPEG image is damaged: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private static byte[] bytesOf(Raster raster, JpegHeader header) {
        int expected = header.width() * header.height() * header.components().size();
        if (raster.getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getData().length == expected) {
            return buffer.getData();
        }
        throw new Unreadable(
                "JPEG image is damaged: %dx%d px with %d bands were decoded"
                        .formatted(raster.getWidth(), raster.getHeight(), raster.getNumBands()));
    }

    /** The file without application segments and comments. */
    private static byte[] essence(JpegHeader header, byte[] file) {
        int length = 2;
        for (Slice slice : header.essential()) {
            length += slice.length();
        }
        byte[] essence = new byte[length];
        essence[0] = (byte) 0xff;
        essence[1] = (byte) 0xd8;
        int at = 2;
        for (Slice slice : header.essential()) {
            System.arraycopy(file, slice.from(), essence, at, slice.length());
            at += slice.length();
        }
        return essence;
    }

    /** The JDK's own reader, whatever else may be on the class path. */
    private static ImageReader libjpeg() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
            reader.dispose();
        }
        throw new IllegalStateException(
                "this Java runtime has no JPEG reader: module java.desktop is missing or incomplete");
    }
}
