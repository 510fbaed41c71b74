package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Locale;

/** Writes plain tar archives for tests, broken ones too. */
final class TarWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TarWriter file(String name, String text) {
        return file(name, text.getBytes(UTF_8));
    }

    TarWriter file(String name, byte[] content) {
        return header(name, '0', octal(content.length)).raw(content);
    }

    /** A header whose size field is given as its twelve bytes. */
    TarWriter header(String name, char type, byte[] size) {
        byte[] block = new byte[512];
        put(block, 0, name.getBytes(UTF_8));
        put(block, 124, size);
        block[156] = (byte) type;
        put(block, 257, "ustar\00000".getBytes(UTF_8));
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(UTF_8));
        out.writeBytes(block);
        return this;
    }

    /** Content, padded to a block. */
    TarWriter raw(byte[] content) {
        out.writeBytes(content);
        out.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    static byte[] octal(long size) {
        return String.format(Locale.ROOT, "%011o\0", size).getBytes(UTF_8);
    }

    /** The archive without its end mark. */
    byte[] open() {
        return out.toByteArray();
    }

    /** The archive. */
    byte[] closed() {
        return Arrays.copyOf(open(), out.size() + 1024);
    }

    private static void put(byte[] block, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
