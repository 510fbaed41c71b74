package io.cospace.encoder.image;

/**
 * 256 colours that pixels are indices of. Entries that a file does not set are opaque black, as
 * Pillow has them. Filled while a header is read, then only looked up.
 */
final class Palette {
    private final byte[] table = new byte[4 * 256];
    private boolean transparent;

    Palette() {
        for (int i = 0; i < 256; i++) {
            table[4 * i + 3] = (byte) 255;
        }
    }

    /** Sets the colour of an entry, each channel 0..255. */
    void set(int index, int red, int green, int blue) {
        table[4 * index] = (byte) red;
        table[4 * index + 1] = (byte) green;
        table[4 * index + 2] = (byte) blue;
    }

    /** Sets the opacity of an entry, 255 opaque. */
    void setAlpha(int index, int alpha) {
        table[4 * index + 3] = (byte) alpha;
        transparent = true;
    }

    /** Whether any entry was given an opacity; then pictures have an alpha plane. */
    boolean transparent() {
        return transparent;
    }

    /** A ramp from black to white over the values of {@code bits} bits, 1 to 8. */
    static Palette greyRamp(int bits) {
        Palette ramp = new Palette();
        int most = (1 << bits) - 1;
        for (int i = 0; i <= most; i++) {
            int grey = i * 255 / most;
            ramp.set(i, grey, grey, grey);
        }
        return ramp;
    }

    /**
     * Colours from 256 entries of red, green, blue at most, one byte each; an incomplete last one
     * counts as far as it goes.
     */
    static Palette ofRgb(byte[] entries) {
        Palette palette = new Palette();
        for (int i = 0; i < Math.min(entries.length, 768); i++) {
            palette.table[i / 3 * 4 + i % 3] = entries[i];
        }
        return palette;
    }

    /** The colour of entry {@code index} to pixel {@code at} of [pixels, 3]. */
    void putColor(int index, byte[] rgb, int at) {
        rgb[3 * at] = table[4 * index];
        rgb[3 * at + 1] = table[4 * index + 1];
        rgb[3 * at + 2] = table[4 * index + 2];
    }

    byte alpha(int index) {
        return table[4 * index + 3];
    }
}
