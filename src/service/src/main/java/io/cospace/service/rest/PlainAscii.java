package io.cospace.service.rest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for the end of the plain part of a JSON string, eight bytes at a time. */
final class PlainAscii {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    private PlainAscii() {}

    /**
     * Position of the first byte that is a quote, a backslash, a control character or beyond ASCII;
     * the length of {@code bytes} when there is none.
     *
     * @param from where to begin, 0 .. the length
     */
    static int end(byte[] bytes, int from) {
        int at = from;
        while (at <= bytes.length - Long.BYTES && isPlain((long) LONGS.get(bytes, at))) {
            at += Long.BYTES;
        }
        while (at < bytes.length && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    /*
     * Of bytes below 0x80, x - 0x20 borrows into the high bit where x is below 0x20, and x - 1 where x is 0 (H. Warren,
     * "Hacker's Delight", section 6-1). A borrow may reach a higher byte, but only from one that is not plain itself.
     */
    private static boolean isPlain(long word) {
        long quote = (word ^ QUOTES) - ONES;
        long backslash = (word ^ BACKSLASHES) - ONES;
        long control = word - SPACES;
        return ((word | quote | backslash | control) & HIGH_BITS) == 0;
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\';
    }
}
