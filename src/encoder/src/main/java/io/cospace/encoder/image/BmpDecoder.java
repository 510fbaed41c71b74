package io.cospace.encoder.image;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Windows bitmaps: 1 to 32 bits, bit fields, run lengths, both row orders. The unused byte of
 * 32-bit pixels is not taken for alpha; a declared alpha field is.
 */
final class BmpDecoder {
    private final BmpHeader header;
    private final ByteReader reader;
    private final byte[] file;
    private final byte[] rgb;
    private final byte @Nullable [] alpha;

    private BmpDecoder(BmpHeader header, ByteReader reader, byte[] file) {
        this.header = header;
        this.reader = reader;
        this.file = file;
        int pixels = header.width() * header.height();
        this.rgb = new byte[pixels * 3];
        this.alpha = header.masks().alpha() != 0 ? new byte[pixels] : null;
    }

    static Bitmap decode(byte[] file, PixelBudget.Claim claim) {
        ByteReader reader = new ByteReader("BMP", file, ByteOrder.LITTLE_ENDIAN);
        BmpHeader header = BmpHeader.read(reader, claim);
        reader.seek(header.pixels());
        if (header.coding() == BmpHeader.Coding.PLAIN) {
            reader.require(stride(header) * header.height());
        }
        return new BmpDecoder(header, reader, file).decode();
    }

    /** Bytes of a stored row, a multiple of four. */
    private static long stride(BmpHeader header) {
        return ((long) header.width() * header.bits() + 31) / 32 * 4;
    }

    private Bitmap decode() {
        Palette palette = header.palette();
        if (header.coding() != BmpHeader.Coding.PLAIN && palette != null) {
            byte[] indices = new BmpRuns(reader, header).indices();
            for (int i = 0; i < indices.length; i++) {
                int row = i / header.width();
                palette.putColor(
                        indices[i] & 0xff,
                        rgb,
                        pixelRow(row) * header.width() + i % header.width());
            }
        } else {
            for (int row = 0; row < header.height(); row++) {
                plainRow(
                        palette,
                        header.pixels() + (int) (row * stride(header)),
                        pixelRow(row) * header.width());
            }
        }
        return new Bitmap(header.width(), header.height(), rgb, alpha, Orientation.UPRIGHT);
    }

    private int pixelRow(int storedRow) {
        return header.topDown() ? storedRow : header.height() - 1 - storedRow;
    }

    /**
     * Decodes one stored row.
     *
     * @param from offset in the file
     * @param at first pixel to set
     */
    private void plainRow(@Nullable Palette palette, int from, int at) {
        if (palette != null) {
            indexedRow(palette, from, at);
        } else if (header.bits() == 24 && header.masks().equals(BmpHeader.EIGHT_BITS)) {
            for (int x = 0, p = 3 * at, s = from; x < header.width(); x++, p += 3, s += 3) {
                rgb[p] = file[s + 2];
                rgb[p + 1] = file[s + 1];
                rgb[p + 2] = file[s];
            }
        } else {
            maskedRow(from, at);
        }
    }

    private void indexedRow(Palette palette, int from, int at) {
        int bits = header.bits();
        int mask = (1 << bits) - 1;
        for (int x = 0; x < header.width(); x++) {
            int bit = x * bits;
            int index = (file[from + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
            palette.putColor(index, rgb, at + x);
        }
    }

    private void maskedRow(int from, int at) {
        BmpHeader.Masks masks = header.masks();
        int bytes = header.bits() / 8;
        for (int x = 0, s = from; x < header.width(); x++, s += bytes) {
            int pixel = 0;
            for (int b = 0; b < bytes; b++) {
                pixel |= (file[s + b] & 0xff) << (8 * b);
            }
            int p = 3 * (at + x);
            rgb[p] = field(pixel, masks.red());
            rgb[p + 1] = field(pixel, masks.green());
            rgb[p + 2] = field(pixel, masks.blue());
            if (alpha != null) {
                alpha[at + x] = field(pixel, masks.alpha());
            }
        }
    }

    /** A bit field stretched to 0..255, rounded down as Pillow does; 0 for an empty mask. */
    private static byte field(int pixel, int mask) {
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        int most = mask >>> shift;
        return (byte) (((pixel & mask) >>> shift) * 255 / most);
    }
}
