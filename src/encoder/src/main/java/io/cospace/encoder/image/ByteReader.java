package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over a slice of a file that never reads outside it: what is missing is reported as a
 * truncated image of the named format. Not thread-safe.
 */
final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private final boolean bigEndian;
    private final String format;
    private int position;

    /**
     * @param format name for messages, for example {@code PNG}
     */
    ByteReader(String format, byte[] bytes, int from, int end, ByteOrder order) {
        this.format = format;
        this.bytes = bytes;
        this.position = from;
        this.end = end;
        this.bigEndian = order == ByteOrder.BIG_ENDIAN;
    }

    ByteReader(String format, byte[] bytes, ByteOrder order) {
        this(format, bytes, 0, bytes.length, order);
    }

    /** The whole file, for those who know where to look. */
    byte[] file() {
        return bytes;
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    /** Moves to an absolute offset of the file, which may be its end but not beyond. */
    void seek(long offset) {
        if (offset < 0 || offset > end) {
            throw truncated(offset, 0);
        }
        position = (int) offset;
    }

    void skip(long count) {
        require(count);
        position += (int) count;
    }

    /** Fails unless {@code count} more bytes are there. */
    void require(long count) {
        if (count < 0 || count > end - position) {
            throw truncated(position, count);
        }
    }

    int u8() {
        require(1);
        return bytes[position++] & 0xff;
    }

    int u16() {
        require(2);
        int first = bytes[position] & 0xff;
        int second = bytes[position + 1] & 0xff;
        position += 2;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    int i32() {
        int first = u16();
        int second = u16();
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    long u32() {
        return Integer.toUnsignedLong(i32());
    }

    long i64() {
        long first = u32();
        long second = u32();
        return bigEndian ? first << 32 | second : second << 32 | first;
    }

    /** Three bytes in the order of the file. */
    int u24() {
        require(3);
        int first = u8();
        int second = u8();
        int third = u8();
        return bigEndian ? first << 16 | second << 8 | third : third << 16 | second << 8 | first;
    }

    /** The next bytes as one character each, for tags such as {@code IHDR}. */
    String latin1(int count) {
        require(count);
        position += count;
        return new String(bytes, position - count, count, StandardCharsets.ISO_8859_1);
    }

    /** Whether the bytes at the cursor are those of {@code tag}; does not move. */
    boolean startsWith(String tag) {
        if (tag.length() > remaining()) {
            return false;
        }
        for (int i = 0; i < tag.length(); i++) {
            if ((bytes[position + i] & 0xff) != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A cursor over the next {@code count} bytes alone, in the same order; this one moves on. */
    ByteReader slice(int count) {
        require(count);
        position += count;
        return new ByteReader(
                format,
                bytes,
                position - count,
                position,
                bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    byte[] copy(int count) {
        require(count);
        byte[] copy = new byte[count];
        System.arraycopy(bytes, position, copy, 0, count);
        position += count;
        return copy;
    }

    private Unreadable truncated(long offset, long count) {
        return new Unreadable(
                "%s image is truncated: %d bytes needed at offset %d, the data end at %d"
                        .formatted(format, count, offset, end));
    }
}
