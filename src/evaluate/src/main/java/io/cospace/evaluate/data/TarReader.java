package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The regular files in a tar archive, one after the other: ustar, pax (path and size) and GNU (long
 * names, base-256 numbers), as POSIX.1-2024 pax and the GNU tar manual ("Basic Tar Format")
 * describe them. Directories, links and devices are passed over. A damaged archive is an error: the
 * members behind the damage cannot be found. Not thread-safe.
 */
final class TarReader implements AutoCloseable {
    private static final int BLOCK = 512;

    /** Limit of a pax header or GNU long name; real ones are a few hundred bytes. */
    private static final int MAX_EXTENSION_BYTES = 1 << 20;

    private final Path file;
    private final InputStream in;
    private final byte[] block = new byte[BLOCK];
    private long position;
    private long left; // of the current member's content
    private long padding; // behind it

    /**
     * A regular file in the archive.
     *
     * @param name its path, as written
     * @param size its length in bytes
     * @param offset where its content begins in the archive
     */
    record Member(String name, long size, long offset) {}

    /** What an extension header says of the next member; null where it says nothing. */
    private record Extension(@Nullable String name, @Nullable Long size) {
        static final Extension NONE = new Extension(null, null);
    }

    TarReader(Path file) {
        this.file = file;
        try {
            this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 17);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Moves on to the next regular file; null at the end of the archive. */
    @Nullable Member next() {
        try {
            Extension extension = Extension.NONE;
            while (true) {
                skip(left + padding);
                left = 0;
                padding = 0;
                if (!header()) {
                    return null;
                }
                long size = extension.size != null ? extension.size : number(124, 12);
                if (size < 0) {
                    throw broken("a member's size is " + size);
                }
                left = size;
                padding = (BLOCK - size % BLOCK) % BLOCK;
                char type = (char) block[156];
                switch (type) {
                    case 'L' -> extension = new Extension(longName(), extension.size);
                    case 'x' -> extension = pax(extension);
                    case 'S' -> throw broken("sparse members are not supported");
                    case '0', '\0', '7' -> {
                        String name = extension.name != null ? extension.name : name();
                        extension = Extension.NONE;
                        if (!name.endsWith("/")) { // that is how the oldest archives mark a folder
                            return new Member(name, size, position);
                        }
                    }
                    // A global header, a long link name: not about the next member's name or size.
                    case 'g', 'K' -> {}
                    default -> extension = Extension.NONE;
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** The content of the member that {@link #next} moved to; may be called once. */
    byte[] content() {
        try {
            return take(Math.toIntExact(left));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Reads a header into the block; false at the end, which is a zero block or the file's end. */
    private boolean header() throws IOException {
        int n = in.readNBytes(block, 0, BLOCK);
        position += n;
        if (n == 0) {
            return false;
        }
        if (n < BLOCK) {
            throw new EOFException();
        }
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        if (sum == 8 * ' ') {
            return false;
        }
        if (sum != number(148, 8)) {
            throw broken("no tar header: its checksum is wrong");
        }
        return true;
    }

    /** A numeric field: octal digits, or big-endian binary when the first bit is set (GNU). */
    private long number(int from, int length) {
        if ((block[from] & 0x80) != 0) {
            long value = block[from] & 0x3f;
            for (int i = from + 1; i < from + length; i++) {
                value = Math.addExact(Math.multiplyExact(value, 256), block[i] & 0xff);
            }
            return value;
        }
        String digits = string(from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw broken("a header holds \"" + digits + "\" where an octal number belongs");
        }
    }

    private String name() {
        String name = utf8(block, 0, 100);
        // Only POSIX headers ("ustar" with a zero) keep a prefix there; GNU's hold times.
        boolean posix = string(257, 6).equals("ustar") && block[262] == 0;
        String prefix = posix ? utf8(block, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private String longName() throws IOException {
        byte[] bytes = take(extensionSize());
        return utf8(bytes, 0, bytes.length);
    }

    /** Records are "length key=value\n", the length counting itself. */
    private Extension pax(Extension before) throws IOException {
        byte[] bytes = take(extensionSize());
        Extension result = before;
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            int length = 0;
            while (space < bytes.length && bytes[space] >= '0' && bytes[space] <= '9') {
                length = Math.min(bytes.length + 1, length * 10 + bytes[space++] - '0');
            }
            int end = at + length - 1;
            if (space == at || end <= space || end >= bytes.length || bytes[end] != '\n') {
                throw broken("a pax header is malformed");
            }
            String[] pair = new String(bytes, space + 1, end - space - 1, UTF_8).split("=", 2);
            result = pair.length < 2 ? result : with(result, pair[0], pair[1]);
            at = end + 1;
        }
        return result;
    }

    private Extension with(Extension before, String key, String value) {
        return switch (key) {
            case "path" -> new Extension(value, before.size);
            case "size" -> {
                try {
                    yield new Extension(before.name, Long.valueOf(value));
                } catch (NumberFormatException e) {
                    throw broken("a pax header says size=" + value);
                }
            }
            default -> before;
        };
    }

    private int extensionSize() {
        if (left > MAX_EXTENSION_BYTES) {
            throw broken(
                    "an extension header has " + left + " bytes; limit " + MAX_EXTENSION_BYTES);
        }
        return (int) left;
    }

    private byte[] take(int n) throws IOException {
        byte[] bytes = in.readNBytes(n);
        position += bytes.length;
        left -= bytes.length;
        if (bytes.length < n) {
            throw new EOFException();
        }
        return bytes;
    }

    private void skip(long n) throws IOException {
        in.skipNBytes(n);
        position += n;
    }

    private String string(int from, int length) {
        return new String(block, from, terminated(block, from, length), ISO_8859_1);
    }

    private static String utf8(byte[] bytes, int from, int length) {
        return new String(bytes, from, terminated(bytes, from, length), UTF_8);
    }

    private static int terminated(byte[] bytes, int from, int length) {
        int n = 0;
        while (n < length && bytes[from + n] != 0) {
            n++;
        }
        return n;
    }

    private DataException broken(String what) {
        return new DataException(file + ": at byte " + Math.max(0, position - BLOCK) + ": " + what);
    }

    private DataException failed(IOException e) {
        String what = e instanceof EOFException ? "the archive ends early" : e.getMessage();
        return new DataException(file + ": behind byte " + position + ": " + what, e);
    }
}
