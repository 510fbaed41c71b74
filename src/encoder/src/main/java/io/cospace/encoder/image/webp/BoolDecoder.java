package io.cospace.encoder.image.webp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * VP8's arithmetic decoder of single bits (RFC 6386, section 7). Past the end of its data it reads
 * zeros and remembers that it did. Not thread-safe.
 */
final class BoolDecoder {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Bytes that one load adds: with the 8 bits at most that are left, they fill a word. */
    private static final int LOAD_BYTES = 7;

    private final byte[] data;
    private final int end;
    private int position;

    /** Bits read ahead, of which {@link #bitCount} + 8 count. */
    private long window;

    private int bitCount = -8;

    /** The range of the specification less 1, 127..254 between calls. */
    private int range = 254;

    private boolean starved;

    BoolDecoder(byte[] data, int from, int end) {
        this.data = data;
        this.position = from;
        this.end = end;
    }

    /** Whether a bit depended on data that are not there. */
    boolean starved() {
        return starved;
    }

    /**
     * The next bit.
     *
     * @param probability of a zero, in 1/256
     */
    boolean bit(int probability) {
        if (bitCount < 0) {
            load();
        }
        int split = (range * probability) >>> 8;
        boolean one = (int) (window >>> bitCount) > split;
        if (one) {
            range -= split + 1;
            window -= (long) (split + 1) << bitCount;
        } else {
            range = split;
        }
        int shift = Integer.numberOfLeadingZeros(range + 1) - 24;
        range = ((range + 1) << shift) - 1;
        bitCount -= shift;
        return one;
    }

    /** A bit that is as likely 0 as 1. */
    boolean flag() {
        return bit(128);
    }

    /** An unsigned number of {@code count} even bits, most significant first. */
    int value(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | (flag() ? 1 : 0);
        }
        return value;
    }

    /** A number of {@code count} bits and its sign behind it. */
    int signedValue(int count) {
        int value = value(count);
        return flag() ? -value : value;
    }

    /** A flag, and if it is set a signed number of {@code count} bits; else 0. */
    int optionalValue(int count) {
        return flag() ? signedValue(count) : 0;
    }

    private void load() {
        if (end - position > LOAD_BYTES) {
            long next = (long) LONG.get(data, position) >>> 8;
            position += LOAD_BYTES;
            window = window << (8 * LOAD_BYTES) | next;
            bitCount += 8 * LOAD_BYTES;
            return;
        }
        window <<= 8;
        bitCount += 8;
        if (position < end) {
            window |= data[position++] & 0xff;
        } else {
            starved = true;
        }
    }
}
