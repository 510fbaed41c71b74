package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;
import org.jspecify.annotations.Nullable;

/**
 * File header and DIB header of a Windows bitmap, versions 1 (OS/2) to 5.
 *
 * @param topDown whether the first stored row is the top one
 * @param bits of a pixel: 1, 4 or 8 with a palette, else 16, 24 or 32
 * @param coding how the pixels are stored
 * @param masks bits of red, green, blue and alpha in a pixel of 16 to 32 bits; alpha may be 0
 * @param palette null without one
 * @param pixels offset of the first stored row
 */
record BmpHeader(
        int width,
        int height,
        boolean topDown,
        int bits,
        Coding coding,
        Masks masks,
        @Nullable Palette palette,
        int pixels) {

    /** How pixels are stored. */
    enum Coding {
        PLAIN,
        RLE8,
        RLE4
    }

    /** Which bits of a pixel are which channel. */
    record Masks(int red, int green, int blue, int alpha) {}

    private static final int CORE_HEADER = 12;
    private static final int INFO_HEADER = 40;
    private static final int OS2_HEADER = 64;
    private static final int MASKS_HEADER = 52;
    private static final int ALPHA_MASK_HEADER = 56;
    private static final int BIT_FIELDS = 3;
    private static final Masks FIVE_BITS = new Masks(0x7c00, 0x3e0, 0x1f, 0);
    static final Masks EIGHT_BITS = new Masks(0xff0000, 0xff00, 0xff, 0);

    static BmpHeader read(ByteReader reader, PixelBudget.Claim claim) {
        reader.skip(10);
        long offset = reader.u32();
        int size = reader.i32();
        if (size == CORE_HEADER) {
            int width = reader.u16();
            int height = reader.u16();
            claim.take(width, height);
            reader.skip(2);
            return withPalette(reader, width, height, false, reader.u16(), 0, offset, size, 0);
        }
        if (size != INFO_HEADER
                && size != MASKS_HEADER
                && size != ALPHA_MASK_HEADER
                && size != OS2_HEADER
                && size != 108
                && size != 124) {
            throw new Unsupported(
                    "BMP image has a header of %d bytes, which is no known version"
                            .formatted(Integer.toUnsignedLong(size)));
        }
        ByteReader header = reader.slice(size - 4);
        int width = header.i32();
        int height = header.i32();
        claim.take(width, Math.abs((long) height));
        header.skip(2);
        int bits = header.u16();
        int compression = header.i32();
        header.skip(12);
        long colors = header.u32();
        if (compression == BIT_FIELDS && size != OS2_HEADER) {
            header.skip(4);
            Masks masks = masks(size == INFO_HEADER ? reader : header, size);
            requireMasks(bits, masks);
            return new BmpHeader(
                    width,
                    Math.abs(height),
                    height < 0,
                    bits,
                    Coding.PLAIN,
                    masks,
                    null,
                    pixelOffset(offset, reader));
        }
        return withPalette(
                reader, width, height, height < 0, bits, compression, offset, size, colors);
    }

    private static Masks masks(ByteReader reader, int size) {
        int red = reader.i32();
        int green = reader.i32();
        int blue = reader.i32();
        int alpha = size >= ALPHA_MASK_HEADER ? reader.i32() : 0;
        // All zero is written by some programs for the usual order.
        return (red | green | blue | alpha) == 0
                ? new Masks(0xff0000, 0xff00, 0xff, 0xff000000)
                : new Masks(red, green, blue, alpha);
    }

    private static void requireMasks(int bits, Masks masks) {
        if (bits != 16 && bits != 24 && bits != 32) {
            throw new Unsupported("BMP image has bit fields with %d bits a pixel".formatted(bits));
        }
        for (int mask : new int[] {masks.red(), masks.green(), masks.blue(), masks.alpha()}) {
            int run = mask >>> Integer.numberOfTrailingZeros(mask);
            if ((run & (run + 1)) != 0 || Integer.bitCount(mask) > 16) {
                throw new Unsupported(
                        "BMP image has a bit field %08x; one run of at most 16 bits is read"
                                .formatted(mask));
            }
        }
    }

    private static BmpHeader withPalette(
            ByteReader reader,
            int width,
            int height,
            boolean topDown,
            int bits,
            int compression,
            long offset,
            int size,
            long colors) {
        Coding coding = coding(compression, bits);
        Palette palette = null;
        long pixels = offset;
        if (bits <= 8) {
            long count = colors == 0 ? 1L << bits : colors;
            int entryBytes = size == CORE_HEADER ? 3 : 4;
            if (pixels == 14L + size) {
                // Some files count the palette out of the offset; Pillow knows them by this.
                pixels += 4 * count;
            }
            palette = palette(reader, (int) Math.min(count, 65_536), entryBytes);
        }
        return new BmpHeader(
                width,
                Math.abs(height),
                topDown,
                bits,
                coding,
                bits == 16 ? FIVE_BITS : EIGHT_BITS,
                palette,
                pixelOffset(pixels, reader));
    }

    private static Coding coding(int compression, int bits) {
        if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw new Unsupported(
                    "BMP image has %d bits a pixel; 1, 4, 8, 16, 24 and 32 are read"
                            .formatted(bits));
        }
        return switch (compression) {
            case 0 -> Coding.PLAIN;
            case 1 -> requireBits(Coding.RLE8, bits, 8);
            case 2 -> requireBits(Coding.RLE4, bits, 4);
            default ->
                    throw new Unsupported(
                            "BMP image has compression %d; none, run lengths and bit fields are read"
                                    .formatted(Integer.toUnsignedLong(compression)));
        };
    }

    private static Coding requireBits(Coding coding, int bits, int expected) {
        if (bits != expected) {
            throw new Unreadable(
                    "BMP image is damaged: %s with %d bits a pixel".formatted(coding, bits));
        }
        return coding;
    }

    private static Palette palette(ByteReader reader, int count, int entryBytes) {
        Palette palette = new Palette();
        for (int i = 0; i < count; i++) {
            int blue = reader.u8();
            int green = reader.u8();
            int red = reader.u8();
            reader.skip(entryBytes - 3);
            if (i < 256) {
                palette.set(i, red, green, blue);
            }
        }
        return palette;
    }

    /** An offset of 0 means: right here. */
    private static int pixelOffset(long offset, ByteReader reader) {
        if (offset != 0) {
            reader.seek(offset);
        }
        return reader.position();
    }
}
