package io.cospace.export.importer;

import io.cospace.export.Digest;
import io.cospace.export.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tells one import from another, so that an interrupted one is only continued with what it began
 * with: names, sizes and times of all files of the sources, their tensors, and the options.
 */
final class Fingerprint {
    private Fingerprint() {}

    /** One line of hexadecimal digits. */
    static String of(List<ImportSource> sources, ImportOptions options) {
        MessageDigest digest = Digest.sha256();
        add(digest, options.toString());
        for (ImportSource source : sources) {
            add(digest, source.path().toAbsolutePath().toString());
            add(digest, source.config().toString());
            files(source.folder()).forEach(file -> add(digest, state(file)));
            for (Map.Entry<String, TensorInfo> tensor : source.infos().entrySet()) {
                add(digest, tensor.getKey() + tensor.getValue());
            }
        }
        return Digest.hex(digest);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new ImportException(folder, "cannot be listed: " + e.getMessage(), e);
        }
    }

    private static String state(Path file) {
        try {
            return "%s %d %s"
                    .formatted(
                            file.getFileName(), Files.size(file), Files.getLastModifiedTime(file));
        } catch (IOException e) {
            throw new ImportException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
