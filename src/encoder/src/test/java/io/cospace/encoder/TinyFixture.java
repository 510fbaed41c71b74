package io.cospace.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.bundle.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The tiny bundle of the test resources, and copies of it that a test may damage. */
public final class TinyFixture {

    private TinyFixture() {}

    /** The bundle itself, not to be changed. */
    public static Path folder() {
        Path root = Path.of(System.getProperty("cospace.root"));
        return root.resolve("src/encoder/src/test/resources/bundles/tiny/1");
    }

    /** Opens the bundle at {@code precision} with two threads for the wide session. */
    public static Encoder open(String precision) {
        EncoderSettings defaults = EncoderSettings.defaults();
        return Encoder.open(
                folder(), new EncoderSettings(defaults.device(), precision, 2, defaults.verify()));
    }

    /** Copies the bundle into {@code folder}. */
    static Path copy(Path folder) {
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces text in a file of a copy, and makes the manifest's checksum of it right again. */
    static void edit(Path folder, String file, UnaryOperator<String> change) {
        try {
            String before = Files.readString(folder.resolve(file));
            String after = change.apply(before);
            if (after.equals(before)) {
                throw new IllegalArgumentException("nothing changed in " + file);
            }
            Files.writeString(folder.resolve(file), after);
            seal(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file of a copy, and makes the manifest's checksum of it right again. */
    static void overwrite(Path folder, String file, byte[] content) {
        try {
            Files.write(folder.resolve(file), content);
            seal(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void seal(Path folder) throws IOException {
        Path path = folder.resolve("manifest.json");
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest = json.readTree(path.toFile());
        for (Map.Entry<String, JsonNode> entry : manifest.get("files").properties()) {
            Path file = folder.resolve(entry.getKey());
            ((ObjectNode) entry.getValue())
                    .put("sha256", Sha256.of(file))
                    .put("bytes", Files.size(file));
        }
        json.writeValue(path.toFile(), manifest);
    }
}
