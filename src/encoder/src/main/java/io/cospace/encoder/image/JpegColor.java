package io.cospace.encoder.image;

/**
 * Samples of a JPEG file to RGB, in the 16-bit fixed point of libjpeg (jdcolor.c) and, for CMYK,
 * the 8-bit rule of Pillow (Convert.c, cmyk2rgb), which takes every CMYK JPEG as Adobe's inverted
 * one.
 */
final class JpegColor {
    /**
     * JFIF's inverse transform, times 65536, by value of a chroma sample; a half is in one of each
     * sum.
     */
    private static final int[] RED_OF_CR = new int[256];

    private static final int[] GREEN_OF_CB = new int[256];
    private static final int[] GREEN_OF_CR = new int[256];
    private static final int[] BLUE_OF_CB = new int[256];

    static {
        int half = 1 << 15;
        for (int i = 0; i < 256; i++) {
            int chroma = i - 128;
            RED_OF_CR[i] = (91881 * chroma + half) >> 16; // 1.402
            GREEN_OF_CB[i] = -22554 * chroma + half; // 0.34414
            GREEN_OF_CR[i] = -46802 * chroma; // 0.71414
            BLUE_OF_CB[i] = (116130 * chroma + half) >> 16; // 1.772
        }
    }

    private JpegColor() {}

    /** RGB [height, width, 3]; {@code samples} itself, changed, when it has three components. */
    static byte[] toRgb(byte[] samples, JpegHeader header) {
        return switch (header.color()) {
            case RGB -> samples;
            case GREY -> replicate(samples);
            case YCBCR -> {
                convertYcc(samples, 3);
                yield samples;
            }
            case CMYK -> fromInvertedCmyk(samples);
            case YCCK -> {
                convertYcc(samples, 4);
                invertFirstThree(samples);
                yield fromInvertedCmyk(samples);
            }
        };
    }

    private static byte[] replicate(byte[] grey) {
        byte[] rgb = new byte[grey.length * 3];
        for (int i = 0, p = 0; i < grey.length; i++, p += 3) {
            byte value = grey[i];
            rgb[p] = value;
            rgb[p + 1] = value;
            rgb[p + 2] = value;
        }
        return rgb;
    }

    /** Y, Cb, Cr to R, G, B in place; further components of a pixel are left. */
    private static void convertYcc(byte[] samples, int stride) {
        for (int p = 0; p < samples.length; p += stride) {
            int y = samples[p] & 0xff;
            int cb = samples[p + 1] & 0xff;
            int cr = samples[p + 2] & 0xff;
            int red = y + RED_OF_CR[cr];
            int green = y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> 16);
            int blue = y + BLUE_OF_CB[cb];
            // Most pixels need no clamping; one test finds those that do.
            if (((red | green | blue) & ~0xff) != 0) {
                red = Math.clamp(red, 0, 255);
                green = Math.clamp(green, 0, 255);
                blue = Math.clamp(blue, 0, 255);
            }
            samples[p] = (byte) red;
            samples[p + 1] = (byte) green;
            samples[p + 2] = (byte) blue;
        }
    }

    /** Adobe's YCCK codes R = 255 - C and so on. */
    private static void invertFirstThree(byte[] samples) {
        for (int p = 0; p < samples.length; p += 4) {
            samples[p] = (byte) ~samples[p];
            samples[p + 1] = (byte) ~samples[p + 1];
            samples[p + 2] = (byte) ~samples[p + 2];
        }
    }

    private static byte[] fromInvertedCmyk(byte[] samples) {
        byte[] rgb = new byte[samples.length / 4 * 3];
        for (int s = 0, p = 0; p < rgb.length; s += 4, p += 3) {
            int light = samples[s + 3] & 0xff;
            rgb[p] = Cmyk.channel(255 - (samples[s] & 0xff), light);
            rgb[p + 1] = Cmyk.channel(255 - (samples[s + 1] & 0xff), light);
            rgb[p + 2] = Cmyk.channel(255 - (samples[s + 2] & 0xff), light);
        }
        return rgb;
    }
}
