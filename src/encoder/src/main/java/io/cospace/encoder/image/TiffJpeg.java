package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.JpegHeader.Color;
import org.jspecify.annotations.Nullable;

/**
 * A TIFF segment that is a JPEG stream, its tables shared by all segments of the file (TIFF
 * Technical Note 2).
 */
final class TiffJpeg {
    private final byte[] file;
    private final @Nullable Slice tables;
    private final TiffLayout layout;

    /**
     * @param tables a stream of tables alone; null when each segment has its own
     */
    TiffJpeg(byte[] file, @Nullable Slice tables, TiffLayout layout) {
        this.file = file;
        this.tables = tables;
        this.layout = layout;
    }

    /**
     * The samples [rows or more, columns of a segment, interleaved samples]; YCbCr became RGB.
     *
     * @param rows that the picture needs of the segment
     */
    byte[] decode(Slice segment, int rows, PixelBudget.Claim claim) {
        byte[] stream = joined(segment);
        JpegHeader header = JpegScanner.scan(stream);
        int interleaved = layout.interleaved();
        boolean fits =
                header.width() == layout.segmentWidth()
                        && header.height() >= rows
                        && header.height() <= layout.segmentHeight();
        if (!fits || header.components().size() != interleaved || layout.bits() != 8) {
            throw new Unreadable(
                    "TIFF image is damaged: a segment of %dx%d px holds a JPEG of %dx%d with %d components"
                            .formatted(
                                    layout.segmentWidth(),
                                    layout.segmentHeight(),
                                    header.width(),
                                    header.height(),
                                    header.components().size()));
        }
        byte[] samples = JpegDecoder.samples(stream, header, claim);
        if (layout.color() == TiffLayout.Color.YCBCR && interleaved == 3) {
            return JpegColor.toRgb(samples, header.as(Color.YCBCR));
        }
        return samples;
    }

    /** Tables without their end marker, then the segment without its start marker. */
    private byte[] joined(Slice segment) {
        int tableBytes = tables == null ? 0 : Math.max(0, tables.length() - 2);
        int from = segment.from() + (tableBytes == 0 ? 0 : 2);
        int length = Math.max(0, segment.end() - from);
        byte[] stream = new byte[tableBytes + length];
        if (tables != null) {
            System.arraycopy(file, tables.from(), stream, 0, tableBytes);
        }
        System.arraycopy(file, Math.min(from, segment.end()), stream, tableBytes, length);
        return stream;
    }
}
