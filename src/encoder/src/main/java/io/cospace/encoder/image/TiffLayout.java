package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;

/**
 * What the pixels of a TIFF file are and how they are stored (TIFF 6.0, sections 4 to 8, 14, 15).
 *
 * @param bits of each sample: 1, 2, 4, 8 or 16
 * @param samples of a pixel, extra ones included, 1..6
 * @param planar whether each sample has segments of its own, all of the first sample coming first
 * @param predicted whether samples are differences to the pixel on the left
 * @param alpha how transparency is stored
 * @param segmentWidth columns of a strip (all) or tile
 * @param segmentHeight rows of a strip or tile
 * @param tiled whether segments are tiles, which are whole even where they leave the picture
 */
record TiffLayout(
        int width,
        int height,
        int bits,
        int samples,
        Color color,
        Compression compression,
        boolean planar,
        boolean predicted,
        Alpha alpha,
        int segmentWidth,
        int segmentHeight,
        boolean tiled) {

    /** Tags that are read. */
    static final int WIDTH = 256;

    static final int HEIGHT = 257;
    static final int BITS = 258;
    static final int COMPRESSION = 259;
    static final int PHOTOMETRIC = 262;
    static final int FILL_ORDER = 266;
    static final int STRIP_OFFSETS = 273;
    static final int ORIENTATION = 274;
    static final int SAMPLES = 277;
    static final int ROWS_PER_STRIP = 278;
    static final int STRIP_BYTES = 279;
    static final int PLANAR = 284;
    static final int PREDICTOR = 317;
    static final int COLOR_MAP = 320;
    static final int TILE_WIDTH = 322;
    static final int TILE_HEIGHT = 323;
    static final int TILE_OFFSETS = 324;
    static final int TILE_BYTES = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int SAMPLE_FORMAT = 339;
    static final int JPEG_TABLES = 347;
    static final int XMP = 700;

    private static final int MAX_SAMPLES = 6;
    private static final int TILE_MULTIPLE = 16;

    /** Meaning of the first samples of a pixel. */
    enum Color {
        /** Grey of which 0 is white. */
        INVERTED_GREY(1),
        GREY(1),
        RGB(3),
        PALETTE(1),
        CMYK(4),
        /** Only inside of JPEG segments, whose decoding gives RGB. */
        YCBCR(3);

        private final int samples;

        Color(int samples) {
            this.samples = samples;
        }

        int samples() {
            return samples;
        }
    }

    /** How segments are compressed. */
    enum Compression {
        NONE,
        LZW,
        DEFLATE,
        PACK_BITS,
        JPEG
    }

    /** What the first extra sample is. */
    enum Alpha {
        NONE,
        /** Colours are multiplied by it. */
        ASSOCIATED,
        UNASSOCIATED
    }

    static TiffLayout read(TiffDirectory directory, PixelBudget.Claim claim) {
        long width = directory.value(WIDTH, 0);
        long height = directory.value(HEIGHT, 0);
        claim.take(width, height);
        Compression compression = compression(directory.value(COMPRESSION, 1));
        Color color = color(directory.value(PHOTOMETRIC, 0), compression);
        int samples = (int) Math.min(directory.value(SAMPLES, 1), Integer.MAX_VALUE);
        if (samples < color.samples() || samples > MAX_SAMPLES) {
            throw new Unsupported(
                    "TIFF image has %d samples a pixel; %d to %d are read for %s"
                            .formatted(samples, color.samples(), MAX_SAMPLES, color));
        }
        int bits = bits(directory, samples, color);
        boolean planar = directory.value(PLANAR, 1) == 2 && samples > 1;
        boolean predicted = predicted(directory, compression, bits);
        boolean tiled = directory.has(TILE_OFFSETS) && !directory.has(STRIP_OFFSETS);
        long segmentWidth = tiled ? directory.value(TILE_WIDTH, 0) : width;
        long segmentHeight =
                tiled
                        ? directory.value(TILE_HEIGHT, 0)
                        : Math.min(directory.value(ROWS_PER_STRIP, height), height);
        claim.take(segmentWidth, segmentHeight);
        if (tiled && (segmentWidth % TILE_MULTIPLE != 0 || segmentHeight % TILE_MULTIPLE != 0)) {
            throw new Unreadable(
                    "TIFF image is damaged: tiles of %dx%d px; sides are multiples of 16"
                            .formatted(segmentWidth, segmentHeight));
        }
        return new TiffLayout(
                (int) width,
                (int) height,
                bits,
                samples,
                color,
                compression,
                planar,
                predicted,
                alpha(directory, samples, color),
                (int) segmentWidth,
                (int) segmentHeight,
                tiled);
    }

    private static Compression compression(long code) {
        return switch ((int) Math.min(code, Integer.MAX_VALUE)) {
            case 1 -> Compression.NONE;
            case 5 -> Compression.LZW;
            case 7 -> Compression.JPEG;
            case 8, 32946 -> Compression.DEFLATE;
            case 32773 -> Compression.PACK_BITS;
            default ->
                    throw new Unsupported(
                            "TIFF image has compression %d; none, LZW, Deflate, PackBits and JPEG are read"
                                    .formatted(code));
        };
    }

    private static Color color(long photometric, Compression compression) {
        Color color =
                switch ((int) Math.min(photometric, Integer.MAX_VALUE)) {
                    case 0 -> Color.INVERTED_GREY;
                    case 1 -> Color.GREY;
                    case 2 -> Color.RGB;
                    case 3 -> Color.PALETTE;
                    case 5 -> Color.CMYK;
                    case 6 -> Color.YCBCR;
                    default ->
                            throw new Unsupported(
                                    "TIFF image has photometric interpretation %d; grey, RGB, palette and CMYK are read"
                                            .formatted(photometric));
                };
        if (color == Color.YCBCR && compression != Compression.JPEG) {
            throw new Unsupported(
                    "TIFF image has YCbCr samples without JPEG compression, which are not read");
        }
        return color;
    }

    private static int bits(TiffDirectory directory, int samples, Color color) {
        long bits = directory.value(BITS, 1);
        for (int i = 1; i < Math.min(samples, directory.count(BITS)); i++) {
            if (directory.value(BITS, i, bits) != bits) {
                throw new Unsupported(
                        "TIFF image has samples of %d and %d bits"
                                .formatted(bits, directory.value(BITS, i, bits)));
            }
        }
        boolean whole = bits == 8 || bits == 16;
        boolean small = (bits == 1 || bits == 2 || bits == 4) && samples == 1;
        if (!(whole || small) || (bits == 16 && color == Color.PALETTE)) {
            throw new Unsupported(
                    "TIFF image has %d bits a sample with %d samples of %s"
                            .formatted(bits, samples, color));
        }
        long format = directory.value(SAMPLE_FORMAT, 1);
        if (format != 1) {
            throw new Unsupported(
                    "TIFF image has samples of format %d; unsigned whole numbers are read"
                            .formatted(format));
        }
        return (int) bits;
    }

    private static boolean predicted(TiffDirectory directory, Compression compression, int bits) {
        long predictor = directory.value(PREDICTOR, 1);
        boolean used = compression == Compression.LZW || compression == Compression.DEFLATE;
        if (!used || predictor == 1) {
            return false;
        }
        if (predictor != 2 || bits < 8) {
            throw new Unsupported(
                    "TIFF image has predictor %d with %d bits a sample".formatted(predictor, bits));
        }
        return true;
    }

    /** A fourth sample of RGB that nothing is said about is taken for alpha, as Pillow does. */
    private static Alpha alpha(TiffDirectory directory, int samples, Color color) {
        if (samples == color.samples() || color == Color.CMYK) {
            return Alpha.NONE;
        }
        if (!directory.has(EXTRA_SAMPLES)) {
            return color == Color.RGB && samples == 4 ? Alpha.UNASSOCIATED : Alpha.NONE;
        }
        return switch ((int) Math.min(directory.value(EXTRA_SAMPLES, 0), Integer.MAX_VALUE)) {
            case 1 -> Alpha.ASSOCIATED;
            // 999 is what one drawing program writes.
            case 2, 999 -> Alpha.UNASSOCIATED;
            default -> Alpha.NONE;
        };
    }

    /** Samples of a pixel that lie side by side in a segment. */
    int interleaved() {
        return planar ? 1 : samples;
    }

    /** Bytes of a row of a segment. */
    int rowBytes() {
        return Math.toIntExact(((long) segmentWidth * interleaved() * bits + 7) / 8);
    }
}
