package io.cospace.export.importer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Licences of imported parts: the identifier that a model card states in its front matter, and the
 * licence files that lie beside the weights.
 */
final class ModelLicense {
    /** What SPDX says where nothing is known. */
    private static final String UNKNOWN = "NOASSERTION";

    private static final Pattern STATED =
            Pattern.compile("(?m)^license:\\s*[\"']?([A-Za-z0-9.+-]+)[\"']?\\s*$");

    /** Hugging Face's identifiers that are not SPDX's in lower case. */
    private static final Map<String, String> SPDX =
            Map.of(
                    "mit", "MIT",
                    "apache-2.0", "Apache-2.0",
                    "bsd-3-clause", "BSD-3-Clause",
                    "cc-by-4.0", "CC-BY-4.0",
                    "cc-by-nc-4.0", "CC-BY-NC-4.0",
                    "cc-by-sa-4.0", "CC-BY-SA-4.0",
                    "cc0-1.0", "CC0-1.0",
                    "llama3", "LicenseRef-llama3",
                    "llama3.1", "LicenseRef-llama3.1",
                    "llama3.2", "LicenseRef-llama3.2");

    private ModelLicense() {}

    /** An SPDX expression over all sources. */
    static String expression(List<Path> folders) {
        TreeSet<String> found = new TreeSet<>();
        for (Path folder : folders) {
            found.add(stated(folder).orElse(UNKNOWN));
        }
        return String.join(" AND ", found);
    }

    /** Content of the bundle's {@code LICENSES}. */
    static byte[] text(String expression, Map<String, Path> folders) {
        StringBuilder text =
                new StringBuilder("Licences of the imported parts: " + expression + "\n");
        folders.forEach((part, folder) -> {
            text.append('\n')
                    .append(part)
                    .append(": ")
                    .append(stated(folder).orElse("no licence is stated beside the weights"))
                    .append('\n');
            for (Path file : files(folder)) {
                text.append("\n==== ").append(file.getFileName()).append(" ====\n\n");
                text.append(read(file).strip()).append('\n');
            }
        });
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> stated(Path folder) {
        Path card = folder.resolve("README.md");
        if (!Files.isRegularFile(card)) {
            return Optional.empty();
        }
        String content = read(card);
        int end = content.startsWith("---") ? content.indexOf("\n---", 3) : -1;
        Matcher matcher = STATED.matcher(end < 0 ? "" : content.substring(0, end));
        if (!matcher.find()) {
            return Optional.empty();
        }
        String id = matcher.group(1);
        String lower = id.toLowerCase(Locale.ROOT);
        return Optional.of(
                lower.equals("other") ? UNKNOWN : SPDX.getOrDefault(lower, "LicenseRef-" + id));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            String.valueOf(file.getFileName())
                                    .toUpperCase(Locale.ROOT)
                                    .matches("(LICENSE|LICENCE|NOTICE|USE_POLICY).*"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ImportException(folder, "cannot be listed: " + e.getMessage(), e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ImportException(file, "cannot be read: " + e.getMessage(), e);
        }
    }
}
