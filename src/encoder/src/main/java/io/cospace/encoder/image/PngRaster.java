package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.PngHeader.ColorType;
import org.jspecify.annotations.Nullable;

/** Turns unfiltered PNG rows of any colour type into RGB and, where the image has it, alpha. */
final class PngRaster {
    private final PngHeader header;
    private final byte[] rgb;
    private final byte @Nullable [] alpha;

    /** What indices and short grey samples stand for; unused by the other colour types. */
    private final Palette palette;

    /** The one transparent colour of grey (16 bits) and RGB images, at their depth; empty: none. */
    private final int[] key;

    private PngRaster(PngHeader header, Palette palette, int[] key, boolean transparent) {
        this.header = header;
        this.palette = palette;
        this.key = key;
        int pixels = header.width() * header.height();
        this.rgb = new byte[pixels * 3];
        this.alpha = transparent ? new byte[pixels] : null;
    }

    /**
     * An empty raster of the header's size.
     *
     * @param plte three bytes an entry; needed by palette images alone
     * @param trns alpha of palette entries, or the transparent colour in 16-bit samples
     */
    static PngRaster of(PngHeader header, byte @Nullable [] plte, byte @Nullable [] trns) {
        byte[] transparency = trns == null ? new byte[0] : trns;
        ColorType type = header.colorType();
        return switch (type) {
            case PALETTE -> {
                Palette palette = palette(plte, transparency);
                yield new PngRaster(header, palette, new int[0], palette.transparent());
            }
            case GREY, RGB -> {
                int[] key = samples(transparency, type.channels());
                Palette ramp = Palette.greyRamp(Math.min(header.bitDepth(), 8));
                if (header.indexed() && key.length > 0) {
                    ramp.setAlpha(key[0] & 0xff, 0);
                }
                yield new PngRaster(header, ramp, key, key.length > 0);
            }
            case GREY_ALPHA, RGBA -> new PngRaster(header, new Palette(), new int[0], true);
        };
    }

    private static Palette palette(byte @Nullable [] plte, byte[] trns) {
        if (plte == null) {
            throw new Unreadable("PNG image is damaged: it has no palette (PLTE)");
        }
        Palette palette = Palette.ofRgb(plte);
        for (int i = 0; i < trns.length; i++) {
            palette.setAlpha(i, trns[i] & 0xff);
        }
        return palette;
    }

    /** The first {@code count} 16-bit samples of tRNS; none when it is too short. */
    private static int[] samples(byte[] trns, int count) {
        int[] samples = new int[trns.length < 2 * count ? 0 : count];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (trns[2 * i] & 0xff) << 8 | (trns[2 * i + 1] & 0xff);
        }
        return samples;
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
            int index = (row[1 + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
            palette.putColor(index, rgb, at);
            if (alpha != null) {
                alpha[at] = palette.alpha(index);
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
