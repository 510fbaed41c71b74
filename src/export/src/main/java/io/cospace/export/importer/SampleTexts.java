package io.cospace.export.importer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Captions and sentences in many languages that precisions are compared on. */
final class SampleTexts {
    private static final String RESOURCE = "sample-texts.txt";

    private SampleTexts() {}

    /** All of them, in the order of the file; the first ones differ in language and subject. */
    static List<String> all() {
        try (InputStream resource =
                        Objects.requireNonNull(
                                SampleTexts.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("This is a bug: " + RESOURCE + " is damaged", e);
        }
    }
}
