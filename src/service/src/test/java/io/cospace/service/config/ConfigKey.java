package io.cospace.service.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A key of the configuration as its documentation describes it.
 *
 * @param name the whole key, such as {@code cospace.limits.inputs}
 * @param type what its method in {@link ServiceConfig} returns, without {@code Optional}
 * @param range least and most, when there are such
 * @param defaultValue as it is written; in words where it depends on the machine
 * @param fixedDefault whether the default is a value that could be written
 * @param meaning in Markdown, without range and default
 */
record ConfigKey(
        String name,
        Class<?> type,
        Optional<Range> range,
        String defaultValue,
        boolean fixedDefault,
        String meaning) {

    /**
     * Bounds of a value.
     *
     * @param text as the documentation has them
     * @param least a number, or milliseconds
     * @param most likewise
     */
    record Range(String text, double least, double most) {}

    /** Name of the environment variable, by the rules of MicroProfile Config. */
    String variable() {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** What a number of it counts: the last word of the key, which is named so. */
    String unit() {
        if (type == Duration.class) {
            return "time";
        }
        if (type == double.class) {
            return "share";
        }
        boolean number = type == int.class || type == long.class;
        String last = name.substring(Math.max(name.lastIndexOf('-'), name.lastIndexOf('.')) + 1);
        return number ? (last.equals("ahead") ? "items" : last) : "";
    }

    /** What may be written: the range, the names of a choice, or what kind of text. */
    String allowed() {
        if (range.isPresent()) {
            return range.get().text();
        }
        if (type.isEnum()) {
            List<String> names =
                    Arrays.stream(type.getEnumConstants())
                            .map(Object::toString)
                            .map(constant -> "`" + constant.toLowerCase(Locale.ROOT) + "`")
                            .toList();
            return String.join(", ", names);
        }
        return switch (type.getSimpleName()) {
            case "Path" -> "path";
            case "boolean" -> "`true`, `false`";
            case "List", "Set" -> "list, by commas";
            default -> "text";
        };
    }
}
