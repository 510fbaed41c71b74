package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The classes of labelled images and the texts that stand for them.
 *
 * @param names by class index
 * @param templates texts in which <code>{}</code> or <code>{c}</code> stands for the name, at least
 *     one
 */
public record Classes(List<String> names, List<String> templates) {
    private static final List<String> PLAIN = List.of("a photo of a {}.");

    /**
     * Copies the lists.
     *
     * @throws DataException if one is empty or a template has no place for the name
     */
    public Classes {
        names = List.copyOf(names);
        templates = List.copyOf(templates);
        if (names.isEmpty() || templates.isEmpty()) {
            throw new DataException(
                    names.size() + " class names and " + templates.size() + " templates");
        }
        for (String template : templates) {
            if (!template.contains("{}") && !template.contains("{c}")) {
                throw new DataException(
                        "template '" + template + "' has no {} for the name of the class");
            }
        }
    }

    /** The texts of a class, one a template. */
    public List<String> texts(int index) {
        String name = names.get(index);
        return templates.stream().map(t -> t.replace("{}", name).replace("{c}", name)).toList();
    }

    /** Names with the templates of a file, or with "a photo of a {}." without one. */
    static Classes of(List<String> names, Optional<Path> templates) {
        return new Classes(names, templates.map(Classes::lines).orElse(PLAIN));
    }

    /** The lines of a file that are not blank. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, UTF_8).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
