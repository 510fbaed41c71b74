package io.cospace.service.rest;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compressed bodies (RFC 1952). */
final class Gzip {

    private Gzip() {}

    /** Packs a body, rather fast than small. */
    static byte[] compress(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
        try (var out = new FastGzip(packed)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, 16 << 10);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /**
     * @param maxBytes most bytes of the result; no more are ever allocated
     * @throws ProblemException when there are more, or the body is not gzip
     */
    static byte[] decompress(byte[] body, int maxBytes) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body), 8192)) {
            byte[] plain = new byte[Math.min(maxBytes, Math.max(1024, 3 * body.length))];
            int length = 0;
            while (true) {
                int read = in.read(plain, length, plain.length - length);
                if (read < 0) {
                    return Arrays.copyOf(plain, length);
                }
                length += read;
                if (length == plain.length) {
                    if (length == maxBytes) {
                        return endOf(in, plain, maxBytes);
                    }
                    plain = Arrays.copyOf(plain, (int) Math.min(maxBytes, 2L * length));
                }
            }
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.InvalidRequest.at(
                            "", "the body is not gzip as its header says: " + e.getMessage()));
        }
    }

    private static byte[] endOf(GZIPInputStream in, byte[] plain, int maxBytes) throws IOException {
        if (in.read() >= 0) {
            throw new ProblemException(new Problem.BodyTooLarge(maxBytes, "the decompressed body"));
        }
        return plain;
    }
}
