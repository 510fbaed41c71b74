package io.cospace.service.rest;

import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.LongText;
import io.cospace.service.embedding.Offsets;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.Options;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem.Violation;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of a call, gathered field by field from a body, a form or a query. */
final class OptionFields {

    /** Options of every call. */
    static final List<String> COMMON = List.of("task", "dimensions", "long_text", "model", "space");

    /** Options of an embedding call. */
    static final List<String> EMBED =
            List.of(
                    "task",
                    "dimensions",
                    "types",
                    "long_text",
                    "offsets",
                    "on_error",
                    "model",
                    "space");

    private Task task = Task.DOCUMENT;
    private @Nullable Integer dimensions;
    private LongText longText = LongText.REJECT;
    private Offsets offsets = Offsets.CODE_POINTS;
    private @Nullable OnError onError;
    private @Nullable String model;
    private @Nullable String space;
    private final Set<OutputType> types = EnumSet.noneOf(OutputType.class);

    /** Takes the value at hand as option {@code name}; {@code null} leaves the default. */
    void read(String name, JsonReader in) {
        if (in.isNull()) {
            return;
        }
        switch (name) {
            case "task" -> task = or(in.choice(Names.TASKS), task);
            case "long_text" -> longText = or(in.choice(Names.LONG_TEXTS), longText);
            case "offsets" -> offsets = or(in.choice(Names.OFFSETS), offsets);
            case "on_error" -> onError = in.choice(Names.ON_ERRORS);
            case "dimensions" -> dimensions = in.integer();
            case "model" -> model = in.string();
            case "space" -> space = in.string();
            case "types" -> readTypes(in);
            default -> throw new IllegalArgumentException("This is a bug: no option " + name);
        }
    }

    /** Takes a form's or query's value; what is wrong with it goes into {@code violations}. */
    void read(String name, String value, List<Violation> violations) {
        switch (name) {
            case "task" -> task = word(name, value, Names.TASKS, task, violations);
            case "long_text" ->
                    longText = word(name, value, Names.LONG_TEXTS, longText, violations);
            case "offsets" -> offsets = word(name, value, Names.OFFSETS, offsets, violations);
            case "on_error" -> onError = word(name, value, Names.ON_ERRORS, onError(), violations);
            case "dimensions" -> dimensions = number(name, value, violations);
            case "model" -> model = value;
            case "space" -> space = value;
            case "types" -> {
                for (String type : value.split(",", -1)) {
                    OutputType known = Names.TYPES.get(type.strip());
                    if (known == null) {
                        violations.add(
                                new Violation("/types", Names.unknown(type.strip(), Names.TYPES)));
                    } else {
                        types.add(known);
                    }
                }
            }
            default -> throw new IllegalArgumentException("This is a bug: no option " + name);
        }
    }

    Options options() {
        return new Options(task, dimensions, longText, offsets, model, space);
    }

    OnError onError() {
        return onError == null ? OnError.FAIL : onError;
    }

    /** Whether the call says that a bad input fails it. */
    boolean isFailAsked() {
        return onError == OnError.FAIL;
    }

    Set<OutputType> types() {
        return types.isEmpty() ? EnumSet.of(OutputType.FLOAT) : types;
    }

    private void readTypes(JsonReader in) {
        String pointer = in.pointer();
        if (!in.isArray()) {
            in.array(() -> {});
            return;
        }
        int[] count = {0};
        in.array(() -> {
            count[0]++;
            OutputType type = in.choice(Names.TYPES);
            if (type != null) {
                types.add(type);
            }
        });
        if (count[0] == 0) {
            in.violate(pointer, "is empty; must hold at least one of " + Names.TYPES.keySet());
        }
    }

    private static <E> E or(@Nullable E value, E otherwise) {
        return value == null ? otherwise : value;
    }

    private static <E> E word(
            String name, String value, Map<String, E> words, E otherwise, List<Violation> faults) {
        E known = words.get(value);
        if (known == null) {
            faults.add(new Violation("/" + name, Names.unknown(value, words)));
            return otherwise;
        }
        return known;
    }

    private static @Nullable Integer number(String name, String value, List<Violation> faults) {
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException _) {
            faults.add(
                    new Violation("/" + name, "is '%s'; must be a whole number".formatted(value)));
            return null;
        }
    }
}
