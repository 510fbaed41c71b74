package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.TooLarge;
import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.TiffLayout.Compression;
import java.nio.ByteOrder;

/**
 * The first picture of a TIFF file (TIFF 6.0): strips and tiles, chunky and planar, compressed by
 * LZW, Deflate, PackBits or JPEG; grey, RGB and CMYK of 8 and 16 bits, grey and palettes from one
 * bit on; alpha; orientation. Segments are read row by row, as far as the picture reaches.
 */
final class TiffDecoder {
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private final byte[] file;
    private final TiffDirectory directory;
    private final TiffLayout layout;
    private final PixelBudget.Claim claim;

    /**
     * The file as segments see it: bits of each byte turned around where the fill order says so.
     */
    private final byte[] data;

    /** 8 bits of each sample, or all of a shorter one: [height, width, samples]. */
    private final byte[] samples;

    private TiffDecoder(
            byte[] file, TiffDirectory directory, TiffLayout layout, PixelBudget.Claim claim) {
        this.file = file;
        this.directory = directory;
        this.layout = layout;
        this.claim = claim;
        this.data = directory.value(TiffLayout.FILL_ORDER, 1) == 2 ? turned(file) : file;
        this.samples = new byte[layout.width() * layout.height() * layout.samples()];
    }

    static Bitmap decode(byte[] file, PixelBudget.Claim claim) {
        TiffDirectory directory = TiffDirectory.read(file);
        TiffLayout layout = TiffLayout.read(directory, claim);
        requireData(directory, layout, file.length);
        return new TiffDecoder(file, directory, layout, claim).decode();
    }

    /**
     * Fails for a picture that the file cannot hold, whatever the compression: at most 4096 bytes
     * from two.
     */
    private static void requireData(TiffDirectory directory, TiffLayout layout, int fileBytes) {
        long segments =
                (long) Math.ceilDiv(layout.width(), layout.segmentWidth())
                        * Math.ceilDiv(layout.height(), layout.segmentHeight())
                        * (layout.planar() ? layout.samples() : 1);
        int offsets = layout.tiled() ? TiffLayout.TILE_OFFSETS : TiffLayout.STRIP_OFFSETS;
        if (directory.count(offsets) < segments) {
            throw new Unreadable(
                    "TIFF image is truncated: %d segments of %d"
                            .formatted(directory.count(offsets), segments));
        }
        long bytes = (long) layout.width() * layout.height() * layout.samples() * layout.bits() / 8;
        long sampleBytes = (long) layout.width() * layout.height() * layout.samples();
        if (sampleBytes > MAX_ARRAY) {
            throw new TooLarge(
                    "TIFF image has %d samples; at most %d are decoded"
                            .formatted(sampleBytes, MAX_ARRAY));
        }
        if (bytes / 4096 > fileBytes
                || (layout.compression() == Compression.NONE && bytes > fileBytes)) {
            throw new Unreadable(
                    "TIFF image is truncated: %d bytes cannot hold %dx%d px"
                            .formatted(fileBytes, layout.width(), layout.height()));
        }
    }

    private static byte[] turned(byte[] file) {
        byte[] turned = new byte[file.length];
        for (int i = 0; i < file.length; i++) {
            turned[i] = (byte) (Integer.reverse(file[i]) >>> 24);
        }
        return turned;
    }

    private Bitmap decode() {
        int segment = 0;
        for (int plane = 0; plane < (layout.planar() ? layout.samples() : 1); plane++) {
            for (int y = 0; y < layout.height(); y += layout.segmentHeight()) {
                for (int x = 0; x < layout.width(); x += layout.segmentWidth()) {
                    int rows = Math.min(layout.segmentHeight(), layout.height() - y);
                    segment(slice(segment++), x, y, rows, plane);
                }
            }
        }
        return new TiffColors(directory, layout).toBitmap(samples, orientation());
    }

    private int orientation() {
        if (directory.has(TiffLayout.ORIENTATION)) {
            long stated = directory.value(TiffLayout.ORIENTATION, Orientation.UPRIGHT);
            return stated >= 1 && stated <= 8 ? (int) stated : Orientation.UPRIGHT;
        }
        Slice xmp = directory.bytes(TiffLayout.XMP);
        return Orientation.of(
                Orientation.UNSTATED,
                xmp == null
                        ? Orientation.UNSTATED
                        : Orientation.ofXmp(file, xmp.from(), xmp.end()));
    }

    /** Where a segment lies; without a length it is taken to reach to the end of the file. */
    private Slice slice(int index) {
        long from =
                directory.value(
                        layout.tiled() ? TiffLayout.TILE_OFFSETS : TiffLayout.STRIP_OFFSETS,
                        index,
                        -1);
        ByteReader reader = new ByteReader("TIFF", data, directory.order());
        reader.seek(from);
        long length =
                directory.value(
                        layout.tiled() ? TiffLayout.TILE_BYTES : TiffLayout.STRIP_BYTES,
                        index,
                        reader.remaining());
        if (layout.compression() == Compression.NONE) {
            // As Pillow: a wrong length of plain pixels does not matter.
            length = reader.remaining();
        }
        return new Slice(
                reader.position(), reader.position() + Math.clamp(length, 0, reader.remaining()));
    }

    private void segment(Slice slice, int x, int y, int rows, int plane) {
        if (layout.compression() == Compression.JPEG) {
            jpeg(slice, x, y, rows, plane);
            return;
        }
        byte[] row = new byte[layout.rowBytes()];
        try (TiffSource source = TiffSource.of(layout.compression(), data, slice)) {
            for (int i = 0; i < rows; i++) {
                source.read(row, row.length);
                if (layout.predicted()) {
                    undoPrediction(row);
                }
                place(row, x, y + i, plane);
            }
        }
    }

    /** Adds to each sample the one of the pixel on the left (TIFF 6.0, section 14). */
    private void undoPrediction(byte[] row) {
        int step = layout.interleaved();
        if (layout.bits() == 8) {
            for (int i = step; i < row.length; i++) {
                row[i] += row[i - step];
            }
            return;
        }
        int high = highByte();
        int low = 1 - high;
        for (int i = 2 * step; i + 1 < row.length; i += 2) {
            int before = i - 2 * step;
            int sum = (row[i + low] & 0xff) + (row[before + low] & 0xff);
            row[i + low] = (byte) sum;
            row[i + high] += (byte) (row[before + high] + (sum >> 8));
        }
    }

    private int highByte() {
        return directory.order() == ByteOrder.BIG_ENDIAN ? 0 : 1;
    }

    /** Copies one row of a segment to the samples of the picture. */
    private void place(byte[] row, int x, int y, int plane) {
        int columns = Math.min(layout.segmentWidth(), layout.width() - x);
        int interleaved = layout.interleaved();
        int step = layout.samples();
        int to = (y * layout.width() + x) * step + plane;
        int bits = layout.bits();
        for (int column = 0; column < columns; column++, to += step) {
            for (int i = 0; i < interleaved; i++) {
                int sample = column * interleaved + i;
                if (bits == 8) {
                    samples[to + i] = row[sample];
                } else if (bits == 16) {
                    samples[to + i] = row[2 * sample + highByte()];
                } else {
                    int bit = sample * bits;
                    samples[to + i] =
                            (byte) ((row[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1));
                }
            }
        }
    }

    private void jpeg(Slice slice, int x, int y, int rows, int plane) {
        TiffJpeg jpeg = new TiffJpeg(file, directory.bytes(TiffLayout.JPEG_TABLES), layout);
        byte[] decoded = jpeg.decode(slice, rows, claim);
        int columns = Math.min(layout.segmentWidth(), layout.width() - x);
        int interleaved = layout.interleaved();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int to = ((y + row) * layout.width() + x + column) * layout.samples() + plane;
                int from = (row * layout.segmentWidth() + column) * interleaved;
                System.arraycopy(decoded, from, samples, to, interleaved);
            }
        }
    }
}
