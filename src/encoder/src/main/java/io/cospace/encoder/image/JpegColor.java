package io.cospace.encoder.image;

/**
 * Samples of a JPEG file to RGB, in the 16-bit fixed point of libjpeg (jdcolor.c) and, for CMYK,
 * the 8-bit rule of Pillow (Convert.c, cmyk2rgb), which takes every CMYK JPEG as Adobe's inverted
 * one.
 */
final class JpegColor {
    private static final int HALF = 1 << 15;

    /** 1.402, 0.34414, 0.71414 and 1.772 of JFIF's inverse transform, times 65536. */
    private static final int RED_OF_CR = 91881;

    private static final int GREEN_OF_CB = 22554;
    private static final int GREEN_OF_CR = 46802;
    private static final int BLUE_OF_CB = 116130;

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
            int cb = (samples[p + 1] & 0xff) - 128;
            int cr = (samples[p + 2] & 0xff) - 128;
            samples[p] = clamp(y + ((RED_OF_CR * cr + HALF) >> 16));
            samples[p + 1] = clamp(y + ((-GREEN_OF_CB * cb - GREEN_OF_CR * cr + HALF) >> 16));
            samples[p + 2] = clamp(y + ((BLUE_OF_CB * cb + HALF) >> 16));
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

    private static byte clamp(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
