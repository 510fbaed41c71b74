package io.cospace.evaluate.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Names of classes by the ids that their folders have. A file is one of
 *
 * <ul>
 *   <li>lines {@code n01440764 tench, Tinca tinca} (id, white space, names; the first counts);
 *   <li>a name a line in the order of the folders;
 *   <li>JSON: {@code {"0": ["n01440764", "tench"]}}, {@code {"n01440764": "tench"}}, {@code
 *       [{"wnid": "n01440764", "lemmas": ["tench"]}]} or {@code ["tench"]} in the folders' order.
 * </ul>
 */
final class ClassNames {
    private ClassNames() {}

    /**
     * The names of classes.
     *
     * @param ids of the folders, in their order
     * @throws DataException if the file cannot be read or lacks one
     */
    static List<String> read(Path file, List<String> ids) {
        Map<String, String> byId =
                file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
                        ? json(file, ids)
                        : text(file, ids);
        return ids.stream()
                .map(id -> {
                    String name = byId.get(id);
                    if (name == null || name.isBlank()) {
                        throw new DataException(file + ": no name for the class " + id);
                    }
                    return name.strip();
                })
                .toList();
    }

    private static Map<String, String> text(Path file, List<String> ids) {
        List<String> lines = Classes.lines(file);
        boolean named = !lines.isEmpty() && ids.contains(lines.getFirst().split("\\s", 2)[0]);
        if (!named) {
            return inOrder(file, lines, ids);
        }
        Map<String, String> byId = new HashMap<>();
        for (String line : lines) {
            String[] parts = line.split("\\s+", 2);
            byId.put(parts[0], parts.length < 2 ? "" : parts[1].split(",", 2)[0]);
        }
        return byId;
    }

    private static Map<String, String> inOrder(Path file, List<String> names, List<String> ids) {
        if (names.size() != ids.size()) {
            throw new DataException(
                    "%s: %d names for %d class folders".formatted(file, names.size(), ids.size()));
        }
        Map<String, String> byId = new HashMap<>();
        IntStream.range(0, ids.size()).forEach(i -> byId.put(ids.get(i), names.get(i)));
        return byId;
    }

    private static Map<String, String> json(Path file, List<String> ids) {
        JsonNode root;
        try {
            root = JsonMapper.builder().build().readTree(file.toFile());
        } catch (IOException e) {
            throw new DataException(file + ": is no JSON: " + e.getMessage(), e);
        }
        Map<String, String> byId = new HashMap<>();
        if (root.isArray() && root.path(0).isTextual()) {
            List<String> names =
                    IntStream.range(0, root.size()).mapToObj(i -> root.get(i).asText()).toList();
            return inOrder(file, names, ids);
        }
        if (root.isArray()) {
            root.forEach(c -> byId.put(c.path("wnid").asText(), c.path("lemmas").path(0).asText()));
            return byId;
        }
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            JsonNode value = entry.getValue();
            if (value.isArray()) {
                byId.put(value.path(0).asText(), value.path(1).asText().replace('_', ' '));
            } else {
                byId.put(entry.getKey(), value.asText().split(",", 2)[0]);
            }
        }
        return byId;
    }
}
