package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zlib stream (RFC 1950) that lies in pieces of a file, decompressed as far as it is asked for.
 */
final class InflatedSlices implements AutoCloseable {
    private final String format;
    private final byte[] file;
    private final List<Slice> slices;
    private final Inflater inflater = new Inflater();
    private int next;

    /**
     * @param format name for messages
     */
    InflatedSlices(String format, byte[] file, List<Slice> slices) {
        this.format = format;
        this.file = file;
        this.slices = slices;
    }

    /** Fills {@code count} bytes of {@code target}, or fails as truncated. */
    void read(byte[] target, int offset, int count) {
        int done = readUpTo(target, offset, count);
        if (done < count) {
            throw new Unreadable(
                    "%s image is truncated: its compressed pixels end early".formatted(format));
        }
    }

    /** Fills as many of {@code count} bytes as the stream has; how many. */
    int readUpTo(byte[] target, int offset, int count) {
        int done = 0;
        try {
            while (done < count) {
                int got = inflater.inflate(target, offset + done, count - done);
                done += got;
                if (got == 0 && (inflater.finished() || inflater.needsDictionary() || !feed())) {
                    return done;
                }
            }
        } catch (DataFormatException e) {
            throw new Unreadable(
                    "%s image is damaged: its compressed pixels are no zlib stream (%s)"
                            .formatted(format, e.getMessage()),
                    e);
        }
        return done;
    }

    private boolean feed() {
        while (inflater.needsInput() && next < slices.size()) {
            Slice slice = slices.get(next++);
            inflater.setInput(file, slice.from(), slice.length());
        }
        return !inflater.needsInput();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
