package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * Names a vector space by what decides its vectors: {@code name-} and the first 16 hexadecimal
 * digits of a SHA-256 over the reference weights, the tokenizer, and the reading of texts and
 * images. Vectors compare if and only if the names are equal. Precision and graph layout change no
 * name, since only the reference tensors count, not the graphs.
 *
 * <p>The digest runs over, in this order: for each of {@link #REFERENCE_FILES} that exists its name
 * and its tensors sorted by name (name, type, rank, shape, size, bytes); the tokenizer's bytes; the
 * canonical JSON of {@link TextFormat} and of {@link Preprocessing}. Strings are UTF-8 behind their
 * length as int32; numbers are big-endian int64.
 */
public final class Space {

    /**
     * Names of the files that hold weights as they came, sorted; other safetensors files are
     * derived from these.
     */
    public static final List<String> REFERENCE_FILES =
            List.of(
                    "adapter.safetensors",
                    "head.safetensors",
                    "image.safetensors",
                    "text.safetensors");

    private static final int HEX_DIGITS = 16;
    private static final long PIECE_BYTES = 1 << 26;

    private final MessageDigest digest = Sha256.digest();

    private Space() {}

    /**
     * The name of the space of the bundle in {@code folder}. Reads all reference weights once.
     *
     * @throws BundleException when a file cannot be read, or there are no reference weights at all
     */
    public static String compute(String name, Path folder, TextFormat text, Preprocessing image) {
        List<String> present =
                REFERENCE_FILES.stream()
                        .filter(file -> Files.exists(folder.resolve(file)))
                        .toList();
        if (present.isEmpty()) {
            throw new BundleException(
                    folder.getFileName().toString(), "holds none of " + REFERENCE_FILES);
        }
        Space space = new Space();
        present.forEach(file -> space.addTensors(folder, file));
        space.addFile(folder, "tokenizer.json");
        space.add(ManifestJson.write(text));
        space.add(ManifestJson.write(image));
        return name + "-" + Sha256.hex(space.digest, new byte[0]).substring(0, HEX_DIGITS);
    }

    private void addTensors(Path folder, String file) {
        add(file.getBytes(UTF_8));
        try (FileChannel channel = FileChannel.open(folder.resolve(file));
                Arena arena = Arena.ofConfined()) {
            MemorySegment all =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (SafetensorsIndex.Entry tensor : SafetensorsIndex.read(file, channel)) {
                add(tensor.name().getBytes(UTF_8));
                add(tensor.type().getBytes(UTF_8));
                add(tensor.shape().size());
                tensor.shape().forEach(this::add);
                add(tensor.bytes());
                add(all.asSlice(tensor.offset(), tensor.bytes()));
            }
        } catch (IOException e) {
            throw new BundleException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private void addFile(Path folder, String file) {
        try {
            add(Files.readAllBytes(folder.resolve(file)));
        } catch (IOException e) {
            throw new BundleException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private void add(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private void add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    private void add(MemorySegment bytes) {
        for (long at = 0; at < bytes.byteSize(); at += PIECE_BYTES) {
            digest.update(
                    bytes.asSlice(at, Math.min(PIECE_BYTES, bytes.byteSize() - at)).asByteBuffer());
        }
    }
}
