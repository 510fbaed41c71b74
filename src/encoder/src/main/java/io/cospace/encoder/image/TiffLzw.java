package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.error.ImageException.Unsupported;

/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first, one code
 * earlier than need be wider. The strings of a code are kept as first and last byte, length and
 * prefix.
 */
final class TiffLzw implements TiffSource {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST = 258;
    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;
    private static final int TABLE = 1 << MAX_BITS;
    private static final int NONE = -1;

    private final byte[] file;
    private final int end;
    private int at;
    private int window;
    private int windowBits;
    private final short[] prefix = new short[TABLE];
    private final byte[] last = new byte[TABLE];
    private final byte[] first = new byte[TABLE];
    private final short[] length = new short[TABLE];
    private int next = FIRST;
    private int width = MIN_BITS;
    private int previous = NONE;

    /** The string of the last code, of which {@link #pendingFrom} on was not asked for yet. */
    private final byte[] pending = new byte[TABLE];

    private int pendingFrom;
    private int pendingEnd;

    TiffLzw(byte[] file, Slice slice) {
        this.file = file;
        this.at = slice.from();
        this.end = slice.end();
        if (slice.length() >= 2 && file[at] == 0 && (file[at + 1] & 1) != 0) {
            throw new Unsupported(
                    "TIFF image has LZW in the bit order of before 1987, which is not read");
        }
        for (int i = 0; i < CLEAR; i++) {
            first[i] = (byte) i;
            last[i] = (byte) i;
            length[i] = 1;
        }
    }

    @Override
    public void read(byte[] target, int count) {
        int done = 0;
        while (done < count) {
            if (pendingFrom == pendingEnd) {
                expandNext();
            }
            int take = Math.min(count - done, pendingEnd - pendingFrom);
            System.arraycopy(pending, pendingFrom, target, done, take);
            pendingFrom += take;
            done += take;
        }
    }

    /** Reads codes up to one that stands for bytes. */
    private void expandNext() {
        int code = code();
        while (code == CLEAR) {
            next = FIRST;
            width = MIN_BITS;
            previous = NONE;
            code = code();
        }
        if (code == END) {
            throw TiffSource.truncated();
        }
        if (code >= (previous == NONE ? CLEAR : Math.min(next + 1, TABLE))) {
            throw new Unreadable("TIFF image is damaged: LZW code %d of %d".formatted(code, next));
        }
        if (previous != NONE && next < TABLE) {
            prefix[next] = (short) previous;
            first[next] = first[previous];
            length[next] = (short) (length[previous] + 1);
            last[next] = first[code == next ? previous : code];
            next++;
            if (next == (1 << width) - 1 && width < MAX_BITS) {
                width++;
            }
        }
        expand(code);
        previous = code;
    }

    private void expand(int code) {
        pendingFrom = 0;
        pendingEnd = length[code];
        int link = code;
        for (int i = pendingEnd - 1; i >= 0; i--) {
            pending[i] = last[link];
            link = prefix[link];
        }
    }

    private int code() {
        while (windowBits < width) {
            if (at == end) {
                throw TiffSource.truncated();
            }
            window = window << 8 | (file[at++] & 0xff);
            windowBits += 8;
        }
        windowBits -= width;
        return window >>> windowBits & ((1 << width) - 1);
    }
}
