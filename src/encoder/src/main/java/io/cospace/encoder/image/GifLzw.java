package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;

/**
 * GIF's LZW (GIF89a, appendix F): codes of 2 to 12 bits, least significant bit first, in sub-blocks
 * of up to 255 bytes. As in Pillow, a full table stays as it is until the next clear code, and
 * whatever follows the last pixel is not looked at.
 */
final class GifLzw {
    private static final int MAX_BITS = 12;
    private static final int TABLE = 1 << MAX_BITS;

    private final ByteReader reader;
    private final short[] prefix = new short[TABLE];
    private final byte[] suffix = new byte[TABLE];
    private final byte[] string = new byte[TABLE + 1];
    private int blockLeft;
    private int bits;
    private int bitCount;

    GifLzw(ByteReader reader) {
        this.reader = reader;
    }

    /**
     * Reads the picture at the cursor into the screen.
     *
     * @param screen [rows, stride] indices
     */
    void decode(byte[] screen, int stride, GifFrame frame) {
        int rootBits = reader.u8();
        if (rootBits < 1 || rootBits >= MAX_BITS) {
            throw damaged("code size %d".formatted(rootBits));
        }
        Placement to = new Placement(screen, stride, frame);
        int clear = 1 << rootBits;
        int width = rootBits + 1;
        int next = clear + 2;
        int previous = -1;
        while (!to.full()) {
            int code = code(width);
            if (code == clear) {
                width = rootBits + 1;
                next = clear + 2;
                previous = -1;
            } else if (code == clear + 1) {
                throw new Unreadable("GIF image is truncated: its pixels end early");
            } else {
                if (code > (previous < 0 ? clear : next)) {
                    throw damaged("code %d of %d".formatted(code, next));
                }
                int from = expand(code, code == next ? previous : code, clear);
                to.put(string, from, TABLE);
                if (previous >= 0 && next < TABLE) {
                    prefix[next] = (short) previous;
                    suffix[next] = string[from];
                    if (next == (1 << width) - 1 && width < MAX_BITS) {
                        width++;
                    }
                    next++;
                }
                previous = code;
            }
        }
    }

    /**
     * Writes the string of a code before the end of {@link #string}; where it begins.
     *
     * @param known the code itself, or the one before it when this one is not in the table yet:
     *     then the string is that one's, and its own first byte again
     */
    private int expand(int code, int known, int clear) {
        int at = code == known ? TABLE : TABLE - 1;
        int link = known;
        while (link >= clear) {
            if (at == 0 || link >= TABLE) {
                throw damaged("a string without end");
            }
            string[--at] = suffix[link];
            link = prefix[link];
        }
        if (at == 0) {
            throw damaged("a string without end");
        }
        string[--at] = (byte) link;
        if (code != known) {
            string[TABLE - 1] = (byte) link;
        }
        return at;
    }

    private int code(int width) {
        while (bitCount < width) {
            if (blockLeft == 0) {
                blockLeft = reader.u8();
                if (blockLeft == 0) {
                    throw new Unreadable("GIF image is truncated: its pixels end early");
                }
            }
            bits |= reader.u8() << bitCount;
            bitCount += 8;
            blockLeft--;
        }
        int code = bits & ((1 << width) - 1);
        bits >>>= width;
        bitCount -= width;
        return code;
    }

    private static Unreadable damaged(String what) {
        return new Unreadable("GIF image is damaged: LZW has " + what);
    }

    /** Where the next pixels go. */
    private static final class Placement {
        private final byte[] screen;
        private final int stride;
        private final GifFrame frame;
        private final int[] order;
        private int row;
        private int column;

        Placement(byte[] screen, int stride, GifFrame frame) {
            this.screen = screen;
            this.stride = stride;
            this.frame = frame;
            this.order = frame.rowOrder();
        }

        boolean full() {
            return row == order.length;
        }

        void put(byte[] pixels, int from, int end) {
            int at = from;
            while (at < end && !full()) {
                int count = Math.min(end - at, frame.width() - column);
                int target = (frame.top() + order[row]) * stride + frame.left() + column;
                System.arraycopy(pixels, at, screen, target, count);
                at += count;
                column += count;
                if (column == frame.width()) {
                    column = 0;
                    row++;
                }
            }
        }
    }
}
