package io.cospace.encoder.text.unigram;

import java.nio.charset.StandardCharsets;

/** A place in JSON text, and what is read from there on. Not safe for use by many threads. */
final class JsonBytes {

    /** Powers of ten. All of them are doubles. */
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18,
    };

    private final byte[] bytes;
    private int at;

    JsonBytes(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    int position() {
        return at;
    }

    /** The next byte, 0..255; -1 at the end. */
    int read() {
        return at < bytes.length ? bytes[at++] & 0xFF : -1;
    }

    /** Skips white space, and {@code wanted} behind it; whether that was there. */
    boolean skip(char wanted) {
        while (at < bytes.length && isSpace(bytes[at])) {
            at++;
        }
        if (at < bytes.length && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /** The code point that starts with byte {@code first} of UTF-8; -1 when there is none. */
    int codePoint(int first) {
        int following = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        int codePoint = first & (0x3F >> following);
        for (int i = 0; i < following; i++) {
            int next = read();
            if (next >> 6 != 0b10) {
                return -1;
            }
            codePoint = (codePoint << 6) | (next & 0x3F);
        }
        boolean wellFormed =
                first < 0xF8
                        && codePoint <= Character.MAX_CODE_POINT
                        && CharacterMap.utf8Length(codePoint) == following + 1
                        && Character.getType(codePoint) != Character.SURROGATE;
        return wellFormed ? codePoint : -1;
    }

    /** Four hexadecimal digits; -1 when there are none. */
    int hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(read(), 16);
            if (digit < 0) {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }

    /**
     * A number as the library reads it, NaN when there is none: its digits as one number, divided
     * by a power of ten. That rounds twice, and now and then gives the neighbour of the nearest
     * double.
     */
    double number() {
        while (at < bytes.length && isSpace(bytes[at])) {
            at++;
        }
        int from = at;
        boolean negative = at < bytes.length && bytes[at] == '-';
        at += negative ? 1 : 0;
        long value = 0;
        int digits = 0;
        int point = -1;
        for (; at < bytes.length; at++) {
            int unit = bytes[at];
            if (unit >= '0' && unit <= '9') {
                value = 10 * value + unit - '0';
                digits++;
            } else if (unit == '.' && point < 0) {
                point = digits;
            } else {
                break;
            }
        }
        if (digits == 0 || digits >= POWERS.length || isExponent()) {
            return other(from);
        }
        double size = value / POWERS[point < 0 ? 0 : digits - point];
        return negative ? -size : size;
    }

    /** A number that is written in another way. */
    private double other(int from) {
        while (at < bytes.length && "+-.eE0123456789".indexOf(bytes[at]) >= 0) {
            at++;
        }
        try {
            return Double.parseDouble(
                    new String(bytes, from, at - from, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private boolean isExponent() {
        return at < bytes.length && (bytes[at] == 'e' || bytes[at] == 'E');
    }

    private static boolean isSpace(byte unit) {
        return unit == ' ' || unit == '\n' || unit == '\r' || unit == '\t';
    }
}
