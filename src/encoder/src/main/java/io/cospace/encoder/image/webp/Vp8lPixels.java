package io.cospace.encoder.image.webp;

/**
 * The entropy-coded pixels of one image of a lossless stream (RFC 9649, 3.6 and 3.7): literals,
 * copies of what came before, and colours of the cache.
 */
final class Vp8lPixels {
    private static final int CACHE_MULTIPLIER = 0x1e35a7bd;

    /**
     * Distance codes up to this one name near pixels; each is 16 rows up + (8 less columns left).
     */
    private static final int NEAR_CODES = 120;

    private static final int[] NEAR = {
        0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1a, 0x26, 0x2a,
        0x38, 0x05, 0x37, 0x39, 0x15, 0x1b, 0x36, 0x3a, 0x25, 0x2b, 0x48, 0x04,
        0x47, 0x49, 0x14, 0x1c, 0x35, 0x3b, 0x46, 0x4a, 0x24, 0x2c, 0x58, 0x45,
        0x4b, 0x34, 0x3c, 0x03, 0x57, 0x59, 0x13, 0x1d, 0x56, 0x5a, 0x23, 0x2d,
        0x44, 0x4c, 0x55, 0x5b, 0x33, 0x3d, 0x68, 0x02, 0x67, 0x69, 0x12, 0x1e,
        0x66, 0x6a, 0x22, 0x2e, 0x54, 0x5c, 0x43, 0x4d, 0x65, 0x6b, 0x32, 0x3e,
        0x78, 0x01, 0x77, 0x79, 0x53, 0x5d, 0x11, 0x1f, 0x64, 0x6c, 0x42, 0x4e,
        0x76, 0x7a, 0x21, 0x2f, 0x75, 0x7b, 0x31, 0x3f, 0x63, 0x6d, 0x52, 0x5e,
        0x00, 0x74, 0x7c, 0x41, 0x4f, 0x10, 0x20, 0x62, 0x6e, 0x30, 0x73, 0x7d,
        0x51, 0x5f, 0x40, 0x72, 0x7e, 0x61, 0x6f, 0x50, 0x71, 0x7f, 0x60, 0x70,
    };

    private final Vp8lBits bits;
    private final Vp8lGroups groups;
    private final int width;
    private final int[] cache;
    private final int cacheShift;

    /** Pixels that are in the cache already; the others follow when one of it is asked for. */
    private int cached;

    /**
     * @param cacheBits the cache holds this power of two of colours; 0: there is none
     */
    Vp8lPixels(Vp8lBits bits, Vp8lGroups groups, int width, int cacheBits) {
        this.bits = bits;
        this.groups = groups;
        this.width = width;
        this.cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
        this.cacheShift = 32 - cacheBits;
    }

    /** Fills the first {@code count} pixels, alpha, red, green, blue from the highest byte. */
    void read(int[] pixels, int count) {
        int mask = groups.columnMask();
        int x = 0;
        int y = 0;
        Vp8lGroups.Group group = groups.at(0, 0);
        for (int at = 0; at < count; ) {
            if ((x & mask) == 0) {
                group = groups.at(x, y);
                bits.check();
            }
            bits.fill();
            int code = group.green().read(bits);
            int length = 1;
            if (code < Vp8lGroups.FIRST_LENGTH) {
                pixels[at] = literal(group, code);
            } else if (code < Vp8lGroups.FIRST_CACHED) {
                length = number(code - Vp8lGroups.FIRST_LENGTH);
                bits.fill();
                copy(pixels, at, distance(number(group.distance().read(bits))), length, count);
            } else {
                pixels[at] = fromCache(pixels, at, code - Vp8lGroups.FIRST_CACHED);
            }
            at += length;
            x += length;
            if (x >= width) {
                y += x / width;
                x %= width;
                bits.check();
            }
            if (length > 1 && at < count) {
                group = groups.at(x, y);
            }
        }
        bits.check();
    }

    private int literal(Vp8lGroups.Group group, int green) {
        int red = group.red().read(bits);
        bits.fill();
        int blue = group.blue().read(bits);
        int alpha = group.alpha().read(bits);
        return alpha << 24 | red << 16 | green << 8 | blue;
    }

    /** A length or distance code from its prefix and extra bits (3.6.2.2). */
    private int number(int prefix) {
        if (prefix < 4) {
            return prefix + 1;
        }
        int extra = (prefix - 2) >> 1;
        return ((2 + (prefix & 1)) << extra) + bits.read(extra) + 1;
    }

    private int distance(int code) {
        if (code > NEAR_CODES) {
            return code - NEAR_CODES;
        }
        int near = NEAR[code - 1];
        return Math.max(1, (near >> 4) * width + 8 - (near & 15));
    }

    private void copy(int[] pixels, int at, int distance, int length, int count) {
        if (distance > at || length > count - at) {
            bits.check();
            throw Vp8l.damaged(
                    "a copy of %d pixels from %d back at pixel %d of %d"
                            .formatted(length, distance, at, count));
        }
        for (int i = at; i < at + length; i++) {
            pixels[i] = pixels[i - distance];
        }
    }

    private int fromCache(int[] pixels, int at, int index) {
        for (; cached < at; cached++) {
            cache[(pixels[cached] * CACHE_MULTIPLIER) >>> cacheShift] = pixels[cached];
        }
        return cache[index];
    }
}
