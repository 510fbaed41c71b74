package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first image file directory of a TIFF (TIFF 6.0, section 2) or BigTIFF file. Values are read
 * where they lie when they are asked for, so that a count costs no memory.
 */
final class TiffDirectory {
    private static final int BIG_VERSION = 43;
    private static final int MAX_ENTRIES = 65_535;
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int IFD = 13;
    private static final int LONG8 = 16;
    private static final int IFD8 = 18;

    private final byte[] file;
    private final ByteOrder order;
    private final boolean big;
    private final Map<Integer, Entry> entries = new HashMap<>();

    /**
     * @param position offset of the entry's value field
     */
    private record Entry(int type, long count, int position) {}

    private TiffDirectory(byte[] file, ByteOrder order, boolean big) {
        this.file = file;
        this.order = order;
        this.big = big;
    }

    static TiffDirectory read(byte[] file) {
        ByteOrder order = file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteReader reader = new ByteReader("TIFF", file, order);
        reader.skip(2);
        TiffDirectory directory = new TiffDirectory(file, order, reader.u16() == BIG_VERSION);
        directory.readEntries(reader);
        return directory;
    }

    private void readEntries(ByteReader reader) {
        if (big) {
            reader.skip(4);
        }
        reader.seek(big ? reader.i64() : reader.u32());
        long count = big ? reader.i64() : reader.u16();
        if (count < 0 || count > MAX_ENTRIES) {
            throw new Unreadable(
                    "TIFF image is damaged: its directory has %d entries".formatted(count));
        }
        for (long i = 0; i < count; i++) {
            int tag = reader.u16();
            int type = reader.u16();
            long values = big ? reader.i64() : reader.u32();
            entries.putIfAbsent(tag, new Entry(type, values, reader.position()));
            reader.skip(big ? 8 : 4);
        }
    }

    ByteOrder order() {
        return order;
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /** How many values a tag has; 0 when it is missing. */
    long count(int tag) {
        Entry entry = entries.get(tag);
        return entry == null ? 0 : entry.count();
    }

    /** The first value of a tag, {@code otherwise} when it is missing. */
    long value(int tag, long otherwise) {
        return has(tag) ? value(tag, 0, otherwise) : otherwise;
    }

    /**
     * A value of a tag, {@code otherwise} when it has fewer.
     *
     * @throws Unreadable when the value is no whole number or lies outside of the file
     */
    long value(int tag, int index, long otherwise) {
        Entry entry = entries.get(tag);
        if (entry == null || index >= entry.count()) {
            return otherwise;
        }
        int bytes = bytesOf(entry.type());
        if (bytes == 0) {
            throw new Unreadable(
                    "TIFF image is damaged: tag %d has type %d".formatted(tag, entry.type()));
        }
        ByteReader reader = new ByteReader("TIFF", file, order);
        reader.seek(dataOffset(entry, bytes) + (long) index * bytes);
        return switch (bytes) {
            case 1 -> reader.u8();
            case 2 -> reader.u16();
            case 4 -> reader.u32();
            default -> reader.i64();
        };
    }

    /** The bytes of a tag of type BYTE or UNDEFINED; null when it is missing. */
    @Nullable Slice bytes(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return null;
        }
        ByteReader reader = new ByteReader("TIFF", file, order);
        reader.seek(dataOffset(entry, 1));
        reader.require(entry.count());
        return new Slice(reader.position(), reader.position() + (int) entry.count());
    }

    /** Few values stand in the entry itself, more where it points to. */
    private long dataOffset(Entry entry, int bytes) {
        if (entry.count() <= (big ? 8 : 4) / bytes) {
            return entry.position();
        }
        ByteReader reader = new ByteReader("TIFF", file, order);
        reader.seek(entry.position());
        return big ? reader.i64() : reader.u32();
    }

    /** Bytes of a value; 0 for types that are no unsigned whole numbers. */
    private static int bytesOf(int type) {
        return switch (type) {
            case BYTE -> 1;
            case SHORT -> 2;
            case LONG, IFD -> 4;
            case LONG8, IFD8 -> 8;
            default -> 0;
        };
    }
}
