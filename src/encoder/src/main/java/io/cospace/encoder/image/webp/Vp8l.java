package io.cospace.encoder.image.webp;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.webp.Vp8lTransform.ColorIndexing;
import io.cospace.encoder.image.webp.Vp8lTransform.CrossColor;
import io.cospace.encoder.image.webp.Vp8lTransform.Predictor;
import io.cospace.encoder.image.webp.Vp8lTransform.SubtractGreen;
import java.util.ArrayDeque;
import java.util.Deque;

/** The lossless bitstream of WebP (RFC 9649, section 3). */
public final class Vp8l {
    private static final int SIGNATURE = 0x2f;
    private static final int HEADER_BYTES = 5;
    private static final int MAX_CACHE_BITS = 11;

    private final Vp8lBits bits;
    private int transformsSeen;

    private Vp8l(Vp8lBits bits) {
        this.bits = bits;
    }

    /**
     * What a stream declares.
     *
     * @param width pixels, 1..16384
     * @param height pixels, 1..16384
     * @param alpha whether its alpha values mean anything
     */
    public record Header(int width, int height, boolean alpha) {}

    /**
     * The header of a stream.
     *
     * @param from first byte of the stream in {@code file}
     * @param end behind its last byte
     * @throws Unreadable when there is none
     */
    public static Header header(byte[] file, int from, int end) {
        if (end - from < HEADER_BYTES) {
            throw new Unreadable("WebP image is truncated: its VP8L data end early");
        }
        Vp8lBits bits = new Vp8lBits(file, from, end);
        int signature = bits.read(8);
        int width = bits.read(14) + 1;
        int height = bits.read(14) + 1;
        boolean alpha = bits.flag();
        int version = bits.read(3);
        if (signature != SIGNATURE || version != 0) {
            throw damaged("signature %02x, version %d".formatted(signature, version));
        }
        return new Header(width, height, alpha);
    }

    /**
     * The pixels of the stream at {@code from}: [height, width], alpha, red, green, blue from the
     * highest byte.
     *
     * @throws Unreadable when the data are damaged or end early
     */
    public static int[] decode(byte[] file, int from, int end) {
        Header header = header(file, from, end);
        return decodeHeaderless(file, from + HEADER_BYTES, end, header.width(), header.height());
    }

    /** The same of a stream without a header, whose size is known from elsewhere. */
    public static int[] decodeHeaderless(byte[] file, int from, int end, int width, int height) {
        return new Vp8l(new Vp8lBits(file, from, end)).main(width, height);
    }

    static Unreadable damaged(String what) {
        return new Unreadable("WebP image is damaged: VP8L has " + what);
    }

    /** How many squares of 2^{@code bits} a side cover {@code size} pixels. */
    static int blocks(int size, int bits) {
        return (size + (1 << bits) - 1) >> bits;
    }

    private int[] main(int width, int height) {
        Deque<Vp8lTransform> transforms = new ArrayDeque<>();
        int codedWidth = width;
        while (bits.flag()) {
            bits.check();
            Vp8lTransform transform = transform(codedWidth, height);
            if (transform instanceof ColorIndexing indexing) {
                codedWidth = blocks(width, indexing.packBits());
            }
            transforms.push(transform);
        }
        int cacheBits = cacheBits();
        Vp8lGroups groups = groups(codedWidth, height, cacheBits);
        // One array for the coded pixels and what becomes of them, which are never fewer.
        int[] pixels = new int[width * height];
        new Vp8lPixels(bits, groups, codedWidth, cacheBits).read(pixels, codedWidth * height);
        for (Vp8lTransform transform : transforms) {
            if (transform instanceof ColorIndexing) {
                codedWidth = width;
            }
            transform.undo(pixels, codedWidth, height);
        }
        return pixels;
    }

    private Vp8lTransform transform(int width, int height) {
        int type = bits.read(2);
        if ((transformsSeen & 1 << type) != 0) {
            throw damaged("transform %d twice".formatted(type));
        }
        transformsSeen |= 1 << type;
        return switch (type) {
            case 0, 1 -> {
                int blockBits = 2 + bits.read(3);
                int[] blocks = image(blocks(width, blockBits), blocks(height, blockBits));
                yield type == 0
                        ? new Predictor(blockBits, blocks)
                        : new CrossColor(blockBits, blocks);
            }
            case 2 -> new SubtractGreen();
            default -> colorIndexing();
        };
    }

    private ColorIndexing colorIndexing() {
        int colors = bits.read(8) + 1;
        int packBits = colors > 16 ? 0 : colors > 4 ? 1 : colors > 2 ? 2 : 3;
        int[] coded = image(colors, 1);
        // Indices beyond the colours are transparent black.
        int[] table = new int[1 << (8 >> packBits)];
        int color = 0;
        for (int i = 0; i < colors; i++) {
            color = Vp8lPrediction.add(color, coded[i]);
            table[i] = color;
        }
        return new ColorIndexing(packBits, table);
    }

    /**
     * An image inside the stream: coded as the main one, without transforms or groups of its own.
     */
    private int[] image(int width, int height) {
        int cacheBits = cacheBits();
        Vp8lGroups groups = Vp8lGroups.read(bits, 0, 0, null, cacheSize(cacheBits));
        int[] pixels = new int[width * height];
        new Vp8lPixels(bits, groups, width, cacheBits).read(pixels, pixels.length);
        return pixels;
    }

    private int cacheBits() {
        if (!bits.flag()) {
            return 0;
        }
        int cacheBits = bits.read(4);
        if (cacheBits < 1 || cacheBits > MAX_CACHE_BITS) {
            throw damaged("a colour cache of %d bits".formatted(cacheBits));
        }
        return cacheBits;
    }

    private static int cacheSize(int cacheBits) {
        return cacheBits == 0 ? 0 : 1 << cacheBits;
    }

    private Vp8lGroups groups(int width, int height, int cacheBits) {
        if (!bits.flag()) {
            return Vp8lGroups.read(bits, 0, 0, null, cacheSize(cacheBits));
        }
        int blockBits = 2 + bits.read(3);
        int perRow = blocks(width, blockBits);
        int[] map = image(perRow, blocks(height, blockBits));
        for (int i = 0; i < map.length; i++) {
            map[i] = map[i] >> 8 & 0xffff;
        }
        return Vp8lGroups.read(bits, blockBits, perRow, map, cacheSize(cacheBits));
    }
}
