package io.cospace.export.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The entries of a mapped zip file, of any size (zip64), as slices of the mapping: PyTorch stores
 * them uncompressed. Layout: PKWARE APPNOTE 6.3.9, sections 4.3.7, 4.3.12 to 4.3.16 and 4.5.3.
 * Checksums are not compared, since PyTorch can be told to write none.
 */
final class ZipArchive {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int ZIP64_END = 0x06064b50;
    private static final int ZIP64_LOCATOR = 0x07064b50;
    private static final int DIRECTORY = 0x02014b50;
    private static final int DIRECTORY_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final long MAX_ENTRIES = 1_000_000;
    private static final long MAX_32 = 0xffffffffL;

    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(int method, long localHeader, long packedBytes, long bytes) {}

    private ZipArchive(MappedFile file) {
        this.file = file;
    }

    /** Whether a file starts as a zip file does. */
    static boolean matches(MappedFile file) {
        return file.size() >= END_BYTES && file.bytes().get(INT, 0) == LOCAL;
    }

    /**
     * Reads the directory.
     *
     * @throws CheckpointException if it is damaged; names the file
     */
    static ZipArchive open(MappedFile file) {
        ZipArchive archive = new ZipArchive(file);
        try {
            archive.readDirectory();
        } catch (IndexOutOfBoundsException e) {
            throw new CheckpointException(file.path(), "the zip directory leaves the file", e);
        }
        return archive;
    }

    /** Names of all entries, in the order of the directory. */
    Iterable<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    boolean contains(String name) {
        return entries.containsKey(name);
    }

    /**
     * The mapped bytes of an entry.
     *
     * @throws CheckpointException if it is missing, compressed, or leaves the file
     */
    MemorySegment bytes(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw bad("the archive holds no entry " + name);
        }
        if (entry.method() != 0 || entry.packedBytes() != entry.bytes()) {
            throw bad("entry " + name + " is compressed; PyTorch stores without compression");
        }
        long at = entry.localHeader();
        if (at < 0 || at > file.size() - LOCAL_BYTES || i32(at) != LOCAL) {
            throw bad("entry " + name + " has no local header at byte " + at);
        }
        long start = at + LOCAL_BYTES + u16(at + 26) + u16(at + 28);
        if (entry.bytes() < 0 || start > file.size() - entry.bytes()) {
            throw bad("entry " + name + " of " + entry.bytes() + " bytes leaves the file");
        }
        return file.bytes().asSlice(start, entry.bytes());
    }

    private void readDirectory() {
        long end = findEnd();
        long count = u16(end + 10);
        long at = u32(end + 16);
        if (end >= 20 && i32(end - 20) == ZIP64_LOCATOR) {
            long end64 = i64(end - 12);
            if (end64 < 0 || end64 > file.size() - 56 || i32(end64) != ZIP64_END) {
                throw bad("the zip64 end record is not at byte " + end64);
            }
            count = i64(end64 + 32);
            at = i64(end64 + 48);
        }
        if (count < 0 || count > MAX_ENTRIES || at < 0 || at > file.size()) {
            throw bad("a zip directory of " + count + " entries at byte " + at);
        }
        for (long i = 0; i < count; i++) {
            at = readEntry(at);
        }
    }

    /** The end record is the last one that its own comment length fits. */
    private long findEnd() {
        long lowest = Math.max(0, file.size() - END_BYTES - 0xffff);
        for (long at = file.size() - END_BYTES; at >= lowest; at--) {
            if (i32(at) == END && at + END_BYTES + u16(at + 20) == file.size()) {
                return at;
            }
        }
        throw bad("the zip end record is missing; the file is cut short or is no zip file");
    }

    /** Reads one entry of the directory; returns where the next starts. */
    private long readEntry(long at) {
        if (i32(at) != DIRECTORY) {
            throw bad("the zip directory is damaged at byte " + at);
        }
        int method = u16(at + 10);
        long packed = u32(at + 20);
        long bytes = u32(at + 24);
        int nameBytes = u16(at + 28);
        int extraBytes = u16(at + 30);
        long local = u32(at + 42);
        String name =
                new String(
                        file.bytes()
                                .asSlice(at + DIRECTORY_BYTES, nameBytes)
                                .toArray(ValueLayout.JAVA_BYTE),
                        StandardCharsets.UTF_8);
        long extra = at + DIRECTORY_BYTES + nameBytes;
        long end = extra + extraBytes;
        if (bytes == MAX_32 || packed == MAX_32 || local == MAX_32) {
            long field = zip64Field(name, extra, end);
            if (bytes == MAX_32) {
                bytes = i64(field);
                field += 8;
            }
            if (packed == MAX_32) {
                packed = i64(field);
                field += 8;
            }
            local = local == MAX_32 ? i64(field) : local;
        }
        if (entries.put(name, new Entry(method, local, packed, bytes)) != null) {
            throw bad("the archive holds entry " + name + " twice");
        }
        return end + u16(at + 32);
    }

    /** Where the values of the zip64 extra field start. */
    private long zip64Field(String name, long extra, long end) {
        for (long at = extra; at + 4 <= end; at += 4 + u16(at + 2)) {
            if (u16(at) == 1) {
                return at + 4;
            }
        }
        throw bad("entry " + name + " has no zip64 sizes");
    }

    private int u16(long at) {
        return file.bytes().get(SHORT, at) & 0xffff;
    }

    private int i32(long at) {
        return file.bytes().get(INT, at);
    }

    private long u32(long at) {
        return file.bytes().get(INT, at) & MAX_32;
    }

    private long i64(long at) {
        return file.bytes().get(LONG, at);
    }

    private CheckpointException bad(String message) {
        return new CheckpointException(file.path(), message);
    }
}
