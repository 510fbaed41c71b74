package io.cospace.training.ingredients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/** Writes a tar file (ustar) of plain files, without times or owners. */
final class TarFile implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int CHECKSUM = 148;

    private final OutputStream out;

    TarFile(OutputStream out) {
        this.out = out;
    }

    /** Adds a file; its name is ASCII, at most 100 characters. */
    void add(String name, byte[] content) throws IOException {
        byte[] ascii = name.getBytes(US_ASCII);
        if (ascii.length > NAME) {
            throw new IllegalArgumentException(name + ": longer than " + NAME + " characters");
        }
        byte[] header = new byte[BLOCK];
        System.arraycopy(ascii, 0, header, 0, ascii.length);
        put(header, NAME, "0000644\0" + "0000000\0" + "0000000\0");
        put(header, 124, String.format(Locale.ROOT, "%011o\0%011o\0", content.length, 0));
        put(header, CHECKSUM, "        0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, CHECKSUM, String.format(Locale.ROOT, "%06o\0 ", sum));
        out.write(header);
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
