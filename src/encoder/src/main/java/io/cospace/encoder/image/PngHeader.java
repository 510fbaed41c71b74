package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;

/**
 * The IHDR chunk (PNG specification, third edition, 11.2.1).
 *
 * @param bitDepth bits of a sample or palette index
 * @param interlaced whether rows come in the seven passes of Adam7
 */
record PngHeader(int width, int height, int bitDepth, ColorType colorType, boolean interlaced) {

    /** What a pixel is made of; the ordinal is not the code in the file. */
    enum ColorType {
        GREY(0, 1),
        RGB(2, 3),
        PALETTE(3, 1),
        GREY_ALPHA(4, 2),
        RGBA(6, 4);

        private final int code;
        private final int channels;

        ColorType(int code, int channels) {
            this.code = code;
            this.channels = channels;
        }

        int channels() {
            return channels;
        }

        private static ColorType of(int code) {
            for (ColorType type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            throw new Unreadable("PNG image is damaged: colour type %d".formatted(code));
        }
    }

    /** Reads the chunk and checks its size against the limits. */
    static PngHeader read(ByteReader chunk, PixelBudget.Claim claim) {
        long width = chunk.u32();
        long height = chunk.u32();
        claim.take(width, height);
        int bitDepth = chunk.u8();
        ColorType type = ColorType.of(chunk.u8());
        int compression = chunk.u8();
        int filter = chunk.u8();
        int interlace = chunk.u8();
        if (!allowed(type, bitDepth) || compression != 0 || filter != 0 || interlace > 1) {
            throw new Unreadable(
                    "PNG image is damaged: colour type %s with %d bits, compression %d, filter %d, interlace %d"
                            .formatted(type, bitDepth, compression, filter, interlace));
        }
        return new PngHeader((int) width, (int) height, bitDepth, type, interlace == 1);
    }

    private static boolean allowed(ColorType type, int bitDepth) {
        return switch (type) {
            case GREY ->
                    bitDepth == 1
                            || bitDepth == 2
                            || bitDepth == 4
                            || bitDepth == 8
                            || bitDepth == 16;
            case PALETTE -> bitDepth == 1 || bitDepth == 2 || bitDepth == 4 || bitDepth == 8;
            case RGB, GREY_ALPHA, RGBA -> bitDepth == 8 || bitDepth == 16;
        };
    }

    int bitsPerPixel() {
        return bitDepth * colorType.channels();
    }

    /**
     * Whether a sample is looked up: palettes, and grey of at most eight bits as a ramp of its own.
     */
    boolean indexed() {
        return colorType == ColorType.PALETTE || (colorType == ColorType.GREY && bitDepth <= 8);
    }
}
