package io.cospace.export.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A cursor over mapped bytes that never leaves them: every read states what it wants and fails with
 * the place in the file. Little-endian. Not thread-safe.
 */
final class PickleInput {
    /** No name, number or text of a checkpoint comes near it. */
    private static final int MAX_TEXT_BYTES = 1 << 24;

    /** All of them together. */
    private static final long MAX_TOTAL_TEXT_BYTES = 1L << 28;

    /** The largest published checkpoints need some 100,000. */
    private static final long MAX_OBJECTS = 5_000_000;

    private static final int MAX_LINE_BYTES = 4096;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private long position;
    private long textBytes;
    private long objects;

    PickleInput(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    long position() {
        return position;
    }

    /** Counts objects that are made, and ends the reading when there are too many of them. */
    void spend(long count) {
        objects += count;
        if (objects > MAX_OBJECTS) {
            throw bad("more than " + MAX_OBJECTS + " objects; this is no checkpoint");
        }
    }

    int u8() {
        return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
    }

    int u16() {
        return bytes.get(SHORT, advance(2)) & 0xffff;
    }

    int i32() {
        return bytes.get(INT, advance(4));
    }

    long i64() {
        return bytes.get(LONG, advance(8));
    }

    /** Big-endian, as pickle stores doubles. */
    double f64BigEndian() {
        return Double.longBitsToDouble(Long.reverseBytes(i64()));
    }

    /** A text or number of a stated length. */
    byte[] bytes(long length) {
        if (length < 0 || length > MAX_TEXT_BYTES) {
            throw bad("a value of " + length + " bytes; the limit is " + MAX_TEXT_BYTES);
        }
        textBytes += length;
        if (textBytes > MAX_TOTAL_TEXT_BYTES) {
            throw bad("more than " + MAX_TOTAL_TEXT_BYTES + " bytes of text");
        }
        return bytes.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
    }

    String utf8(long length) {
        return text(bytes(length));
    }

    /** The text up to the next line feed, which is consumed. */
    String line() {
        long end = position;
        while (true) {
            if (end >= bytes.byteSize() || end - position > MAX_LINE_BYTES) {
                throw bad("a line without an end within " + MAX_LINE_BYTES + " bytes");
            }
            if (bytes.get(ValueLayout.JAVA_BYTE, end) == '\n') {
                break;
            }
            end++;
        }
        String line = utf8(end - position);
        position++;
        return line;
    }

    /** The mapped bytes of a stated length, of any size. */
    MemorySegment slice(long length) {
        return bytes.asSlice(advance(length), length);
    }

    /** An error at the current position. */
    CheckpointException bad(String message) {
        return new CheckpointException(file, "pickle at byte " + position + ": " + message);
    }

    private String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
        } catch (CharacterCodingException e) {
            throw new CheckpointException(
                    file, "pickle at byte " + position + ": text that is not UTF-8", e);
        }
    }

    private long advance(long length) {
        if (length < 0 || length > bytes.byteSize() - position) {
            throw bad("ends where " + length + " more bytes should follow");
        }
        long from = position;
        position += length;
        return from;
    }
}
