package io.cospace.service.rest;

import io.cospace.encoder.Modality;
import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.LongText;
import io.cospace.service.embedding.ModelStatus;
import io.cospace.service.embedding.Offsets;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.SimilarityRequest.Mode;
import io.cospace.service.embedding.SimilarityRequest.Score;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The words of the API for the values of enums. */
final class Names {

    static final Map<String, Task> TASKS = words(Task.values());
    static final Map<String, LongText> LONG_TEXTS = words(LongText.values());
    static final Map<String, Offsets> OFFSETS = words(Offsets.values());
    static final Map<String, OnError> ON_ERRORS = words(OnError.values());
    static final Map<String, OutputType> TYPES = words(OutputType.values());
    static final Map<String, Mode> MODES = words(Mode.values());
    static final Map<String, Score> SCORES = words(Score.values());

    private Names() {}

    static String of(Modality modality) {
        return word(modality);
    }

    static String of(ModelStatus.Role role) {
        return word(role);
    }

    static String of(OutputType type) {
        return word(type);
    }

    /** What is wrong with a word that is none of the choices. */
    static String unknown(String word, Map<String, ?> choices) {
        String shown = word.length() > 40 ? word.substring(0, 40) + "..." : word;
        return "is '%s'; must be one of %s".formatted(shown, String.join(", ", choices.keySet()));
    }

    private static <E extends Enum<E>> Map<String, E> words(E[] values) {
        Map<String, E> words = new LinkedHashMap<>();
        Arrays.stream(values).forEach(value -> words.put(word(value), value));
        return words;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
