package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.TiffLayout.Alpha;

/** Samples of a TIFF picture to RGB and alpha. */
final class TiffColors {
    private final TiffDirectory directory;
    private final TiffLayout layout;

    TiffColors(TiffDirectory directory, TiffLayout layout) {
        this.directory = directory;
        this.layout = layout;
    }

    /**
     * The picture of samples [height, width, samples] of 8 bits, or of fewer where the layout has
     * fewer.
     */
    Bitmap toBitmap(byte[] samples, int orientation) {
        int pixels = layout.width() * layout.height();
        byte[] rgb = new byte[pixels * 3];
        byte[] alpha = layout.alpha() == Alpha.NONE ? null : new byte[pixels];
        switch (layout.color()) {
            case RGB, YCBCR -> direct(samples, rgb);
            case CMYK -> cmyk(samples, rgb);
            case GREY -> indexed(samples, rgb, Palette.greyRamp(Math.min(layout.bits(), 8)), 0);
            case INVERTED_GREY ->
                    indexed(
                            samples,
                            rgb,
                            Palette.greyRamp(Math.min(layout.bits(), 8)),
                            (1 << Math.min(layout.bits(), 8)) - 1);
            case PALETTE -> indexed(samples, rgb, palette(), 0);
        }
        if (alpha != null) {
            alpha(samples, rgb, alpha);
        }
        return new Bitmap(layout.width(), layout.height(), rgb, alpha, orientation);
    }

    private void direct(byte[] samples, byte[] rgb) {
        for (int s = 0, p = 0; p < rgb.length; s += layout.samples(), p += 3) {
            rgb[p] = samples[s];
            rgb[p + 1] = samples[s + 1];
            rgb[p + 2] = samples[s + 2];
        }
    }

    private void cmyk(byte[] samples, byte[] rgb) {
        for (int s = 0, p = 0; p < rgb.length; s += layout.samples(), p += 3) {
            int light = 255 - (samples[s + 3] & 0xff);
            rgb[p] = Cmyk.channel(samples[s] & 0xff, light);
            rgb[p + 1] = Cmyk.channel(samples[s + 1] & 0xff, light);
            rgb[p + 2] = Cmyk.channel(samples[s + 2] & 0xff, light);
        }
    }

    private void indexed(byte[] samples, byte[] rgb, Palette palette, int invert) {
        for (int s = 0, i = 0; 3 * i < rgb.length; s += layout.samples(), i++) {
            palette.putColor((samples[s] & 0xff) ^ invert, rgb, i);
        }
    }

    /** All reds, then all greens, then all blues, of 16 bits of which the higher 8 count. */
    private Palette palette() {
        int colors = 1 << layout.bits();
        if (directory.count(TiffLayout.COLOR_MAP) < 3L * colors) {
            throw new Unreadable(
                    "TIFF image is damaged: its colour map has %d values, %d are needed"
                            .formatted(directory.count(TiffLayout.COLOR_MAP), 3 * colors));
        }
        Palette palette = new Palette();
        for (int i = 0; i < colors; i++) {
            palette.set(i, channel(i), channel(colors + i), channel(2 * colors + i));
        }
        return palette;
    }

    private int channel(int index) {
        return (int) (directory.value(TiffLayout.COLOR_MAP, index, 0) >> 8) & 0xff;
    }

    private void alpha(byte[] samples, byte[] rgb, byte[] alpha) {
        int at = layout.color().samples();
        boolean associated = layout.alpha() == Alpha.ASSOCIATED;
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = samples[i * layout.samples() + at];
            int opacity = alpha[i] & 0xff;
            for (int c = 3 * i; associated && opacity < 255 && c < 3 * i + 3; c++) {
                rgb[c] = opacity == 0 ? 0 : (byte) Math.min(255, (rgb[c] & 0xff) * 255 / opacity);
            }
        }
    }
}
