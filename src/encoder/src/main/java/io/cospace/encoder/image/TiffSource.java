package io.cospace.encoder.image;

import io.cospace.encoder.error.ImageException.Unreadable;
import io.cospace.encoder.image.TiffLayout.Compression;
import java.util.List;

/** The decompressed bytes of one segment, in order, as many as are asked for. */
interface TiffSource extends AutoCloseable {

    /**
     * Fills the first {@code count} bytes.
     *
     * @throws Unreadable when the segment has fewer
     */
    void read(byte[] target, int count);

    @Override
    default void close() {}

    static TiffSource of(Compression compression, byte[] file, Slice slice) {
        return switch (compression) {
            case NONE -> new Plain(file, slice);
            case LZW -> new TiffLzw(file, slice);
            case PACK_BITS -> new PackBits(file, slice);
            case DEFLATE -> new Deflated(new InflatedSlices("TIFF", file, List.of(slice)));
            case JPEG ->
                    throw new IllegalStateException(
                            "This is a bug: JPEG segments are no byte sequences");
        };
    }

    static Unreadable truncated() {
        return new Unreadable("TIFF image is truncated: a segment ends early");
    }

    /** Bytes as they are. */
    final class Plain implements TiffSource {
        private final byte[] file;
        private final int end;
        private int at;

        Plain(byte[] file, Slice slice) {
            this.file = file;
            this.at = slice.from();
            this.end = slice.end();
        }

        @Override
        public void read(byte[] target, int count) {
            if (count > end - at) {
                throw truncated();
            }
            System.arraycopy(file, at, target, 0, count);
            at += count;
        }
    }

    /** A zlib stream. */
    final class Deflated implements TiffSource {
        private final InflatedSlices inflated;

        Deflated(InflatedSlices inflated) {
            this.inflated = inflated;
        }

        @Override
        public void read(byte[] target, int count) {
            inflated.read(target, 0, count);
        }

        @Override
        public void close() {
            inflated.close();
        }
    }

    /** Runs and literals (TIFF 6.0, section 9). */
    final class PackBits implements TiffSource {
        private static final int NOTHING = -128;

        private final byte[] file;
        private final int end;
        private int at;
        private int runLeft;
        private int literalsLeft;
        private byte run;

        PackBits(byte[] file, Slice slice) {
            this.file = file;
            this.at = slice.from();
            this.end = slice.end();
        }

        @Override
        public void read(byte[] target, int count) {
            for (int i = 0; i < count; i++) {
                while (runLeft == 0 && literalsLeft == 0) {
                    begin();
                }
                if (runLeft > 0) {
                    runLeft--;
                    target[i] = run;
                } else {
                    literalsLeft--;
                    target[i] = next();
                }
            }
        }

        private void begin() {
            int code = next();
            if (code >= 0) {
                literalsLeft = code + 1;
            } else if (code != NOTHING) {
                runLeft = 1 - code;
                run = next();
            }
        }

        private byte next() {
            if (at == end) {
                throw truncated();
            }
            return file[at++];
        }
    }
}
