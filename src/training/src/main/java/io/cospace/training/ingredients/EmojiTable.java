package io.cospace.training.ingredients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Names and keywords of emoji in many languages, of Unicode's annotations. */
final class EmojiTable {
    /** Languages whose annotations name nearly every emoji. */
    static final List<String> LANGUAGES =
            List.of(
                    ("af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu"
                                    + " hy id ig is it ja jv ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl"
                                    + " pa pl pt ro ru si sk sl so sq sr sv sw ta te th tr uk ur uz vi yo zh zh-Hant"
                                    + " zu")
                            .split(" "));

    private final ObjectMapper json;
    private final Map<String, Map<String, JsonNode>> languages = new HashMap<>();

    /**
     * Reads all languages.
     *
     * @param whole folder of the package {@code cldr-annotations-full}
     * @param derived folder of the package {@code cldr-annotations-derived-full}
     */
    EmojiTable(ObjectMapper json, Path whole, Path derived) throws IOException {
        this.json = json;
        for (String language : LANGUAGES) {
            Map<String, JsonNode> entries = new HashMap<>();
            String name = language.equals("nb") ? "no" : language;
            add(entries, derived.resolve("annotationsDerived"), name, "annotationsDerived");
            add(entries, whole.resolve("annotations"), name, "annotations");
            languages.put(language, entries);
        }
    }

    private void add(Map<String, JsonNode> entries, Path folder, String language, String root)
            throws IOException {
        Path file = folder.resolve(language).resolve("annotations.json");
        if (Files.exists(file)) {
            json.readTree(file.toFile())
                    .path(root)
                    .path("annotations")
                    .properties()
                    .forEach(e -> entries.put(e.getKey().replace("\uFE0F", ""), e.getValue()));
        }
    }

    /**
     * An emoji's line.
     *
     * @param emoji its code points in hexadecimal, joined by hyphens, without U+FE0F
     */
    ObjectNode line(String emoji) {
        String character =
                List.of(emoji.split("-")).stream()
                        .map(point -> Character.toString(Integer.parseInt(point, 16)))
                        .collect(Collectors.joining());
        ObjectNode line = json.createObjectNode().put("emoji", emoji).put("char", character);
        ObjectNode names = line.putObject("names");
        ObjectNode keywords = line.putObject("keywords");
        for (String language : LANGUAGES) {
            JsonNode entry = languages.getOrDefault(language, Map.of()).get(character);
            if (entry != null && entry.path("tts").path(0).isTextual()) {
                String name = entry.path("tts").path(0).asText();
                names.put(language, name);
                ArrayNode others = keywords.putArray(language);
                for (JsonNode word : entry.path("default")) {
                    if (!word.asText().equals(name)) {
                        others.add(word);
                    }
                }
            }
        }
        return line;
    }
}
