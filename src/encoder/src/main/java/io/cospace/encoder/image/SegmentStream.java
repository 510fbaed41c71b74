package io.cospace.encoder.image;

import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Bytes in memory as ImageIO wants them, with no cache file, and with a note of whether more were
 * asked for than there are.
 */
final class SegmentStream extends ImageInputStreamImpl {
    private final byte[] bytes;
    private boolean starved;

    SegmentStream(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether a read went past the end: the decoder wanted data that the file does not have. */
    boolean starved() {
        return starved;
    }

    @Override
    public int read() {
        bitOffset = 0;
        if (streamPos >= bytes.length) {
            starved = true;
            return -1;
        }
        return bytes[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= bytes.length) {
            starved = true;
            return -1;
        }
        int count = (int) Math.min(length, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
