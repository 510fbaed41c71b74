package io.cospace.export.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Type of a tensor's elements, named as the safetensors format spells it; always little-endian. */
public enum DataType {
    /** IEEE binary64. */
    F64(8),
    /** IEEE binary32. */
    F32(4),
    /** IEEE binary16. */
    F16(2),
    /** The upper half of a binary32. */
    BF16(2),
    /** Two's complement, 64 bits. */
    I64(8),
    /** Two's complement, 32 bits. */
    I32(4),
    /** Two's complement, 16 bits. */
    I16(2),
    /** Two's complement, 8 bits. */
    I8(1),
    /** Unsigned, 16 bits. */
    U16(2),
    /** Unsigned, 8 bits; also what packed 4-bit weights are stored as. */
    U8(1),
    /** One byte, 0 or 1. */
    BOOL(1);

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;

    DataType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether the elements are floating-point numbers. */
    public boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /**
     * Element {@code index} of a storage, widened or rounded to float as Java's casts do.
     *
     * @throws IndexOutOfBoundsException if the storage ends before that element
     */
    float floatAt(MemorySegment storage, long index) {
        return switch (this) {
            case F64 -> (float) storage.get(DOUBLE, index * 8);
            case F32 -> storage.get(FLOAT, index * 4);
            case F16 -> Float.float16ToFloat(storage.get(SHORT, index * 2));
            case BF16 -> Float.intBitsToFloat(storage.get(SHORT, index * 2) << 16);
            case I64, I32, I16, I8, U16, U8, BOOL -> longAt(storage, index);
        };
    }

    /** Element {@code index} of a storage of whole numbers; floats are refused by the caller. */
    long longAt(MemorySegment storage, long index) {
        return switch (this) {
            case I64 -> storage.get(LONG, index * 8);
            case I32 -> storage.get(INT, index * 4);
            case I16 -> storage.get(SHORT, index * 2);
            case I8 -> storage.get(ValueLayout.JAVA_BYTE, index);
            case U16 -> storage.get(SHORT, index * 2) & 0xffffL;
            case U8 -> storage.get(ValueLayout.JAVA_BYTE, index) & 0xffL;
            case BOOL -> storage.get(ValueLayout.JAVA_BYTE, index) == 0 ? 0 : 1;
            case F64, F32, F16, BF16 ->
                    throw new IllegalArgumentException(name() + " is not a type of whole numbers");
        };
    }

    /** Copies {@code count} elements from element {@code first} of a storage, as floats. */
    void toFloats(MemorySegment storage, long first, float[] target, int at, int count) {
        switch (this) {
            case F32 -> MemorySegment.copy(storage, FLOAT, first * 4, target, at, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    short half = storage.get(SHORT, (first + i) * 2);
                    target[at + i] = Float.float16ToFloat(half);
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    short upper = storage.get(SHORT, (first + i) * 2);
                    target[at + i] = Float.intBitsToFloat(upper << 16);
                }
            }
            case F64, I64, I32, I16, I8, U16, U8, BOOL -> {
                for (int i = 0; i < count; i++) {
                    target[at + i] = floatAt(storage, first + i);
                }
            }
        }
    }
}
