package io.cospace.export.recipe;

import io.cospace.export.Digest;
import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps computed vectors in a folder between runs, one file for each list of inputs, named by the
 * SHA-256 of all that the vectors depend on. A run with the cache gives the same bytes as one
 * without. Without a folder it keeps nothing.
 */
final class VectorCache {
    private final Optional<Path> folder;

    VectorCache(Optional<Path> folder) {
        this.folder = folder;
    }

    /**
     * What a list of vectors depends on, in the order given; two equal lists are taken for the same
     * vectors.
     */
    static final class Key {
        private final MessageDigest digest = Digest.sha256();

        /** Adds a text, its length first so that two texts are not taken for one. */
        Key with(String part) {
            return with(part.getBytes(StandardCharsets.UTF_8));
        }

        /** Adds bytes, their number first. */
        Key with(byte[] part) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
            digest.update(part);
            return this;
        }

        private String name() {
            return Digest.hex(digest) + ".f32";
        }
    }

    /**
     * The vectors of {@code key} from the folder, or computed and kept there.
     *
     * @param length values of each vector; a kept file of another length is an error
     */
    List<float[]> get(Key key, int length, Supplier<List<float[]>> compute) {
        if (folder.isEmpty()) {
            return compute.get();
        }
        Path file = folder.get().resolve(key.name());
        try {
            if (Files.exists(file)) {
                return read(file, length);
            }
            List<float[]> vectors = compute.get();
            write(file, vectors);
            return vectors;
        } catch (IOException e) {
            throw new ExportException("vector cache: " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<float[]> read(Path file, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() % (length * Float.BYTES) != 0) {
            throw new ExportException(
                    "vector cache: %s has %d bytes; vectors of %d values expected"
                            .formatted(file, bytes.remaining(), length));
        }
        List<float[]> vectors = new ArrayList<>();
        while (bytes.hasRemaining()) {
            float[] vector = new float[length];
            for (int i = 0; i < length; i++) {
                vector[i] = bytes.getFloat();
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static void write(Path file, List<float[]> vectors) throws IOException {
        int length = vectors.isEmpty() ? 0 : vectors.getFirst().length;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(vectors.size(), length * Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] vector : vectors) {
            for (float value : vector) {
                bytes.putFloat(value);
            }
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, bytes.array());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
