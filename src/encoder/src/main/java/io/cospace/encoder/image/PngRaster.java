package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.PngHeader.ColorType;
import org.jspecify.annotations.Nullable;

/** Turns unfiltered PNG rows of any colour type into RGB and, where the image has it, alpha. */
final class PngRaster {
    private final PngHeader header;
    private final byte[] rgb;
    private final byte @Nullable [] alpha;

    /** Red, green, blue and alpha of each value of a sample that is looked up. */
    private final byte[] table;

    /** The one transparent colour of grey (16 bits) and RGB images, at their depth; empty: none. */
    private final int[] key;

    private PngRaster(PngHeader header, byte[] table, int[] key, boolean transparent) {
        this.header = header;
        this.table = table;
        this.key = key;
        int pixels = header.width() * header.height();
        this.rgb = new byte[pixels * 3];
        this.alpha = transparent ? new byte[pixels] : null;
    }

    /**
     * @param palette PLTE, three bytes an entry; needed by palette images alone
     * @param transparency tRNS: alpha of palette entries, or the transparent colour in 16-bit
     *     samples
     */
    static PngRaster of(
            PngHeader header, byte @Nullable [] palette, byte @Nullable [] transparency) {
        byte[] trns = transparency == null ? new byte[0] : transparency;
        ColorType type = header.colorType();
        boolean alphaChannel = type == ColorType.GREY_ALPHA || type == ColorType.RGBA;
        int[] key =
                type == ColorType.GREY || type == ColorType.RGB
                        ? samples(trns, type.channels())
                        : new int[0];
        boolean transparent =
                alphaChannel || (type == ColorType.PALETTE ? trns.length > 0 : key.length > 0);
        byte[] table = new byte[0];
        if (type == ColorType.PALETTE) {
            if (palette == null) {
                throw new Unreadable("PNG image is damaged: it has no palette (PLTE)");
            }
            table = paletteTable(palette, trns);
        } else if (header.indexed()) {
            table = greyTable(header.bitDepth(), key);
        }
        return new PngRaster(header, table, key, transparent);
    }

    /** The first {@code count} 16-bit samples of tRNS; none when it is too short. */
    private static int[] samples(byte[] trns, int count) {
        int[] samples = new int[trns.length < 2 * count ? 0 : count];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (trns[2 * i] & 0xff) << 8 | (trns[2 * i + 1] & 0xff);
        }
        return samples;
    }

    private static byte[] paletteTable(byte[] palette, byte[] trns) {
        byte[] table = new byte[1024];
        for (int i = 0; i < 256; i++) {
            for (int c = 0; c < 3; c++) {
                // Pillow's palettes begin as a grey ramp, which shows where PLTE is too short.
                table[4 * i + c] = 3 * i + c < palette.length ? palette[3 * i + c] : (byte) i;
            }
            table[4 * i + 3] = i < trns.length ? trns[i] : (byte) 255;
        }
        return table;
    }

    private static byte[] greyTable(int bits, int[] key) {
        int values = 1 << bits;
        byte[] table = new byte[4 * values];
        for (int i = 0; i < values; i++) {
            byte grey = (byte) (i * 255 / (values - 1));
            table[4 * i] = grey;
            table[4 * i + 1] = grey;
            table[4 * i + 2] = grey;
            table[4 * i + 3] = (byte) (key.length == 1 && key[0] == i ? 0 : 255);
        }
        return table;
    }

    /**
     * Places one row of a pass.
     *
     * @param row filter type, then {@code count} pixels
     * @param x0 column of the first pixel
     * @param dx columns from pixel to pixel
     */
    void put(byte[] row, int y, int x0, int dx, int count) {
        int at = y * header.width() + x0;
        if (header.indexed()) {
            putIndexed(row, at, dx, count);
        } else if (header.colorType() == ColorType.RGB
                && header.bitDepth() == 8
                && dx == 1
                && alpha == null) {
            System.arraycopy(row, 1, rgb, at * 3, count * 3);
        } else {
            putDirect(row, at, dx, count);
        }
    }

    private void putIndexed(byte[] row, int first, int dx, int count) {
        int bits = header.bitDepth();
        int mask = (1 << bits) - 1;
        for (int i = 0, at = first; i < count; i++, at += dx) {
            int bit = i * bits;
            int entry = 4 * ((row[1 + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask);
            rgb[3 * at] = table[entry];
            rgb[3 * at + 1] = table[entry + 1];
            rgb[3 * at + 2] = table[entry + 2];
            if (alpha != null) {
                alpha[at] = table[entry + 3];
            }
        }
    }

    private void putDirect(byte[] row, int first, int dx, int count) {
        int sample = header.bitDepth() / 8;
        int channels = header.colorType().channels();
        boolean grey = channels < 3;
        for (int i = 0, at = first, from = 1; i < count; i++, at += dx, from += channels * sample) {
            rgb[3 * at] = row[from];
            rgb[3 * at + 1] = row[grey ? from : from + sample];
            rgb[3 * at + 2] = row[grey ? from : from + 2 * sample];
            if (alpha != null) {
                alpha[at] =
                        key.length > 0
                                ? opacity(row, from, sample)
                                : row[from + (channels - 1) * sample];
            }
        }
    }

    /** 0 where the pixel has the transparent colour, else 255. */
    private byte opacity(byte[] row, int from, int sample) {
        for (int c = 0; c < key.length; c++) {
            int at = from + c * sample;
            int value = sample == 1 ? row[at] & 0xff : (row[at] & 0xff) << 8 | (row[at + 1] & 0xff);
            if (value != key[c]) {
                return (byte) 255;
            }
        }
        return 0;
    }

    Bitmap toBitmap(int orientation) {
        return new Bitmap(header.width(), header.height(), rgb, alpha, orientation);
    }
}
