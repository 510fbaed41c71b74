package io.cospace.evaluate.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Where an image's bytes lie, so that they can be read again without the samples before them.
 *
 * @param file the image itself or the shard that holds it
 * @param offset of its first byte
 * @param length in bytes
 */
public record StoredImage(Path file, long offset, int length) {
    /**
     * Reads the bytes.
     *
     * @throws IOException if the file is gone or shorter than it was
     */
    public byte[] read() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw new EOFException(file + " ends before byte " + (offset + length));
                }
            }
        }
        return bytes.array();
    }
}
