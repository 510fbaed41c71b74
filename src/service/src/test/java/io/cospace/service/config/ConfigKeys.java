package io.cospace.service.config;

import io.cospace.service.config.ConfigKey.Range;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of {@link ServiceConfig}, in sections: one for each of its interfaces.
 *
 * @param title the part of the key that the section's keys share
 * @param meaning of the section
 */
record ConfigKeys(String title, String meaning, List<ConfigKey> keys) {

    private static final Path SOURCE =
            Path.of(System.getProperty("cospace.root"))
                    .resolve("src/service/src/main/java/io/cospace/service/config")
                    .resolve("ServiceConfig.java");

    private static final Pattern RANGE =
            Pattern.compile(",? ?(-?[\\d.,]+) ?([a-zA-Z]*) \\.\\. ([\\d.,]+\\d|\\d+) ?([a-zA-Z]*)");

    /** Up to the end of the sentence; a point inside a word or a number does not end it. */
    private static final Pattern DEFAULT = Pattern.compile(" ?Default: (.*?)\\.(?= |$)");

    private static final Map<String, Double> UNITS =
            Map.ofEntries(
                    Map.entry("", 1.0),
                    Map.entry("kB", 1e3),
                    Map.entry("MB", 1e6),
                    Map.entry("GB", 1e9),
                    Map.entry("TB", 1e12),
                    Map.entry("ms", 1.0),
                    Map.entry("s", 1e3),
                    Map.entry("min", 6e4),
                    Map.entry("h", 3.6e6));

    /** All sections, in the order of the names; the top one first. */
    static List<ConfigKeys> sections() throws IOException {
        List<ConfigKeys> sections = new ArrayList<>();
        collect(ConfigJavadoc.read(SOURCE), ServiceConfig.class, "cospace", sections);
        return sections;
    }

    /** Every key of every section. */
    static List<ConfigKey> all() throws IOException {
        return sections().stream().flatMap(section -> section.keys().stream()).toList();
    }

    private static void collect(
            ConfigJavadoc docs, Class<?> type, String prefix, List<ConfigKeys> into) {
        List<Method> methods =
                Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.getParameterCount() == 0)
                        .filter(method -> !method.isSynthetic() && !method.isDefault())
                        .sorted(Comparator.comparing(Method::getName))
                        .toList();
        List<ConfigKey> keys = new ArrayList<>();
        into.add(new ConfigKeys(prefix, docs.of(type.getSimpleName()), keys));
        for (Method method : methods) {
            WithName named = method.getAnnotation(WithName.class);
            String name = prefix + "." + (named == null ? kebab(method.getName()) : named.value());
            if (method.getReturnType().getEnclosingClass() == ServiceConfig.class
                    && method.getReturnType().isInterface()) {
                collect(docs, method.getReturnType(), name, into);
            } else {
                keys.add(key(name, method, docs.of(type.getSimpleName() + "." + method.getName())));
            }
        }
    }

    private static ConfigKey key(String name, Method method, String comment) {
        String meaning = comment;
        Optional<Range> range = Optional.empty();
        Matcher bounds = RANGE.matcher(meaning);
        if (bounds.find()) {
            range = Optional.of(range(bounds));
            meaning = bounds.replaceFirst("");
        }
        WithDefault fixed = method.getAnnotation(WithDefault.class);
        String value = fixed == null ? "none" : fixed.value();
        Matcher words = DEFAULT.matcher(meaning);
        if (fixed == null && words.find()) {
            value = words.group(1);
            meaning = words.replaceFirst("");
        }
        return new ConfigKey(name, type(method), range, value, fixed != null, meaning.strip());
    }

    private static Range range(Matcher bounds) {
        String least = bounds.group(1) + " " + bounds.group(2);
        String most = bounds.group(3) + " " + bounds.group(4);
        return new Range(
                least.strip() + " .. " + most.strip(),
                number(bounds.group(1), bounds.group(2)),
                number(bounds.group(3), bounds.group(4)));
    }

    private static double number(String digits, String unit) {
        Double factor = UNITS.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException("unit " + unit + " of a range is unknown");
        }
        return Double.parseDouble(digits.replace(",", "")) * factor;
    }

    private static Class<?> type(Method method) {
        if (method.getReturnType() == OptionalInt.class) {
            return int.class;
        }
        if (method.getReturnType() == Optional.class) {
            var argument =
                    ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0];
            return (Class<?>) (argument instanceof ParameterizedType p ? p.getRawType() : argument);
        }
        return method.getReturnType();
    }

    /** {@code maxQueuedItems} as {@code max-queued-items}. */
    static String kebab(String method) {
        return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
