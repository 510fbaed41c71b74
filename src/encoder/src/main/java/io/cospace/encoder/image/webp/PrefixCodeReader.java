package io.cospace.encoder.image.webp;

import java.util.Arrays;

/** Reads prefix codes from a lossless stream (RFC 9649, 3.7.2.1). Not thread-safe. */
final class PrefixCodeReader {
    private static final int[] LENGTH_ORDER = {
        17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };
    private static final int REPEAT_PREVIOUS = 16;
    private static final int REPEAT_ZERO_SHORT = 17;
    private static final int INITIAL_LENGTH = 8;

    private final Vp8lBits bits;
    private int[] lengths = new int[0];

    PrefixCodeReader(Vp8lBits bits) {
        this.bits = bits;
    }

    /** The next code, of an alphabet of {@code symbols}. */
    PrefixCode read(int symbols) {
        if (lengths.length < symbols) {
            // A simple code may name any 8-bit symbol, though the alphabet of distances has but 40.
            lengths = new int[Math.max(symbols, 256)];
        }
        Arrays.fill(lengths, 0);
        if (bits.flag()) {
            readSimple(symbols);
        } else {
            readLengths(symbols);
        }
        bits.check();
        return PrefixCode.of(lengths, symbols);
    }

    /** One or two symbols, given as they are. */
    private void readSimple(int symbols) {
        boolean two = bits.flag();
        int first = bits.read(bits.flag() ? 8 : 1);
        int second = two ? bits.read(8) : first;
        if (first >= symbols || second >= symbols) {
            throw Vp8l.damaged(
                    "a prefix code names symbol %d of %d"
                            .formatted(Math.max(first, second), symbols));
        }
        lengths[first] = 1;
        lengths[second] = 1;
    }

    /** Lengths that are themselves coded, with runs. */
    private void readLengths(int symbols) {
        int[] codeLengths = new int[LENGTH_ORDER.length];
        int given = 4 + bits.read(4);
        for (int i = 0; i < given; i++) {
            codeLengths[LENGTH_ORDER[i]] = bits.read(3);
        }
        PrefixCode code = PrefixCode.of(codeLengths, codeLengths.length);
        int left = symbols;
        if (bits.flag()) {
            left = 2 + bits.read(2 + 2 * bits.read(3));
            if (left > symbols) {
                throw Vp8l.damaged(
                        "a prefix code has %d lengths for %d symbols".formatted(left, symbols));
            }
        }
        int previous = INITIAL_LENGTH;
        for (int symbol = 0; symbol < symbols && left > 0; left--) {
            bits.fill();
            int length = code.read(bits);
            if (length < REPEAT_PREVIOUS) {
                lengths[symbol++] = length;
                previous = length == 0 ? previous : length;
            } else {
                symbol = repeat(length, symbol, symbols, previous);
            }
        }
    }

    private int repeat(int kind, int symbol, int symbols, int previous) {
        int count;
        if (kind == REPEAT_PREVIOUS) {
            count = 3 + bits.read(2);
        } else {
            count = kind == REPEAT_ZERO_SHORT ? 3 + bits.read(3) : 11 + bits.read(7);
        }
        if (count > symbols - symbol) {
            throw Vp8l.damaged("a prefix code has more lengths than symbols");
        }
        Arrays.fill(lengths, symbol, symbol + count, kind == REPEAT_PREVIOUS ? previous : 0);
        return symbol + count;
    }
}
