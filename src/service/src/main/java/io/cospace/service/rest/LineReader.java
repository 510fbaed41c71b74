package io.cospace.service.rest;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body into lines as it comes. Lines end with LF or CR LF, the last one also with the body;
 * blank ones are passed over. What is held is no more than the longest line and the piece that came
 * last. Not thread-safe.
 */
final class LineReader {

    private static final int FIRST_BYTES = 8_192;

    /**
     * One line.
     *
     * @param bytes without its end; null when it was longer than the limit, and thrown away
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(byte @Nullable [] bytes) {

        int length() {
            return bytes == null ? 0 : bytes.length;
        }
    }

    private final int maxBytes;
    private byte[] held = new byte[FIRST_BYTES];
    private int from;
    private int to;

    /** Up to where no line end was found. */
    private int searched;

    private boolean discarding;
    private boolean ended;

    LineReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(Buffer piece) {
        if (held.length - to < piece.length()) {
            makeRoom(piece.length());
        }
        piece.getBytes(held, to);
        to += piece.length();
    }

    /** The body has ended: what is left is a line. */
    void end() {
        ended = true;
    }

    /** The next line; null while none is whole. */
    @Nullable Line poll() {
        while (true) {
            int end = searched;
            while (end < to && held[end] != '\n') {
                end++;
            }
            searched = end;
            boolean isWhole = end < to || (ended && (from < to || discarding));
            if (!isWhole) {
                discardLong();
                return null;
            }
            boolean tooLong = discarding || end - from > maxBytes;
            Line line = new Line(tooLong ? null : content(end));
            discarding = false;
            from = Math.min(to, end + 1);
            searched = from;
            if (tooLong || line.length() > 0) {
                return line;
            }
        }
    }

    /** Memory that is in use. */
    int heldBytes() {
        return held.length;
    }

    private byte[] content(int end) {
        int last = end;
        while (last > from && isBlank(held[last - 1])) {
            last--;
        }
        int first = from;
        while (first < last && isBlank(held[first])) {
            first++;
        }
        return Arrays.copyOfRange(held, first, last);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }

    private void discardLong() {
        if (discarding || to - from > maxBytes) {
            discarding = true;
            from = to;
        }
    }

    private void makeRoom(int more) {
        int length = to - from;
        int needed = length + more;
        int size =
                needed <= FIRST_BYTES
                        ? FIRST_BYTES
                        : Math.max(needed, Math.min(2 * length, maxBytes));
        byte[] moved = size == held.length ? held : new byte[size];
        System.arraycopy(held, from, moved, 0, length);
        searched -= from;
        held = moved;
        from = 0;
        to = length;
    }
}
