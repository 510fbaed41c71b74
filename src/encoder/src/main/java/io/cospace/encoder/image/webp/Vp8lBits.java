package io.cospace.encoder.image.webp;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bits of the lossless format, least significant first. Past the end it reads zeros, until {@link
 * #check}.
 */
final class Vp8lBits {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] data;
    private final int end;
    private int position;
    private long window;
    private int count;

    /** Zero bits that were put into the window behind the end of the data. */
    private long invented;

    Vp8lBits(byte[] data, int from, int end) {
        this.data = data;
        this.position = from;
        this.end = end;
    }

    /** Makes sure that 56 bits can be looked at and dropped. */
    void fill() {
        if (end - position >= Long.BYTES) {
            window |= (long) LONG.get(data, position) << count;
            int bytes = (63 - count) >> 3;
            position += bytes;
            count += 8 * bytes;
            return;
        }
        while (count <= 55) {
            if (position < end) {
                window |= (data[position++] & 0xffL) << count;
            } else {
                invented += 8;
            }
            count += 8;
        }
    }

    /** The next bits, without moving; valid as far as {@link #fill} made sure of. */
    int peek() {
        return (int) window;
    }

    void drop(int bits) {
        window >>>= bits;
        count -= bits;
    }

    /** The next {@code bits} bits, 0 to 24, as a number. */
    int read(int bits) {
        fill();
        int value = peek() & ((1 << bits) - 1);
        drop(bits);
        return value;
    }

    boolean flag() {
        return read(1) != 0;
    }

    /** Fails when more bits were used than there are. */
    void check() {
        if (invented > count) {
            throw new Unreadable("WebP image is truncated: its VP8L data end early");
        }
    }
}
