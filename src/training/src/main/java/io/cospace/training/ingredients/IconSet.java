package io.cospace.training.ingredients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The vector drawings of emoji in a package of {@code @iconify-json}. */
final class IconSet {
    private final JsonNode icons;
    private final Map<String, String> names = new HashMap<>();

    /** Reads the package in {@code folder}. */
    IconSet(ObjectMapper json, Path folder) throws IOException {
        icons = json.readTree(folder.resolve("icons.json").toFile());
        json.readTree(folder.resolve("chars.json").toFile())
                .properties()
                .forEach(e -> names.put(key(e.getKey()), e.getValue().asText()));
    }

    /** Code points without the one that asks for colour, and without leading zeros. */
    private static String key(String points) {
        return points.replace("-fe0f", "").replaceFirst("^0+", "");
    }

    /** The document that draws an emoji. */
    String svg(String emoji) throws IOException {
        String name = names.get(key(emoji));
        JsonNode icon = icons.path("icons").path(name == null ? "" : name);
        if (!icon.path("body").isTextual()) {
            throw new IOException(
                    "the package " + icons.path("prefix").asText() + " has no " + emoji);
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
                + " viewBox=\"0 0 %d %d\">%s</svg>"
                        .formatted(
                                size(icon, "width"),
                                size(icon, "height"),
                                icon.path("body").asText());
    }

    private int size(JsonNode icon, String side) {
        return icon.path(side).asInt(icons.path(side).asInt(16));
    }
}
