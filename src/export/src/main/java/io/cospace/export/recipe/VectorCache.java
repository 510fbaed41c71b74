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
import org.jspecify.annotations.Nullable;

/**
 * Keeps computed vectors in a folder between runs, one file for each {@value #PART} inputs of a
 * list, named by the SHA-256 of all that they depend on and written whole or not at all: a run that
 * is killed loses the part at work and goes on there. The parts follow from the list alone, never
 * from what is kept, and each is computed by itself; so a run with the cache, with half of it or
 * without gives the same bytes. Without a folder it keeps nothing.
 */
final class VectorCache {
    /** Inputs of a file: seconds of work for texts, a minute or two for pictures. */
    static final int PART = 2048;

    private final Optional<Path> folder;

    VectorCache(Optional<Path> folder) {
        this.folder = folder;
    }

    /**
     * What a list of vectors depends on, in the order given; two equal lists are taken for the same
     * vectors.
     */
    static final class Key {
        private final MessageDigest digest;

        Key() {
            this(Digest.sha256());
        }

        private Key(MessageDigest digest) {
            this.digest = digest;
        }

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

        /** Of some more parts; this key stays as it is. */
        private Key and(List<byte[]> parts) {
            Key key = new Key(copy());
            parts.forEach(key::with);
            return key;
        }

        private MessageDigest copy() {
            try {
                return (MessageDigest) digest.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("This is a bug: SHA-256 can be copied", e);
            }
        }

        private String name() {
            return Digest.hex(copy()) + ".f32";
        }
    }

    /** What computes vectors; opened for a list only when some of them are missing. */
    interface Network extends AutoCloseable {
        /** Vectors of the list's inputs {@code from} (inclusive) to {@code to} (exclusive). */
        List<float[]> vectors(int from, int to);

        @Override
        void close();
    }

    /**
     * The vectors of all inputs, from the folder or computed and kept there.
     *
     * @param key of what they depend on besides the inputs
     * @param length values of each vector; a kept file of another length is an error
     * @param inputs in their order
     * @param open gives the network of this list
     */
    List<float[]> get(Key key, int length, List<byte[]> inputs, Supplier<? extends Network> open) {
        List<float[]> all = new ArrayList<>(inputs.size());
        try (Lazy network = new Lazy(open)) {
            for (int from = 0; from < inputs.size(); from += PART) {
                int to = Math.min(inputs.size(), from + PART);
                all.addAll(part(key.and(inputs.subList(from, to)), length, from, to, network));
            }
        }
        return all;
    }

    private List<float[]> part(Key key, int length, int from, int to, Lazy network) {
        if (folder.isEmpty()) {
            return network.get().vectors(from, to);
        }
        Path file = folder.get().resolve(key.name());
        try {
            if (Files.exists(file)) {
                return read(file, length);
            }
            List<float[]> vectors = network.get().vectors(from, to);
            write(file, vectors);
            return vectors;
        } catch (IOException e) {
            throw new ExportException("vector cache: " + file + ": " + e.getMessage(), e);
        }
    }

    /** Opens at the first use. */
    private static final class Lazy implements AutoCloseable {
        private final Supplier<? extends Network> open;
        private @Nullable Network network;

        Lazy(Supplier<? extends Network> open) {
            this.open = open;
        }

        Network get() {
            if (network == null) {
                network = open.get();
            }
            return network;
        }

        @Override
        public void close() {
            if (network != null) {
                network.close();
            }
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
