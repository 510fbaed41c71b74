package io.cospace.training.data;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The texts that a sample may be trained with: short ones and long ones (recipes.md section 6,
 * {@code text}). Immutable.
 *
 * @param mix which of them are drawn
 * @param shortFields where the short texts stand, see {@link #texts}
 * @param longFields where the long or other texts stand
 * @param languages only captions and names in these (BCP 47), and captions without a language;
 *     empty: all
 * @param names names by emoji, for the field {@code names}; empty without
 */
public record SampleTexts(
        Mix mix,
        List<String> shortFields,
        List<String> longFields,
        List<String> languages,
        Map<String, Emoji> names) {
    /** Which texts are drawn. */
    public enum Mix {
        /** Short ones only. */
        SHORT,
        /** Long ones only; a short one where a sample has none. */
        LONG,
        /** Short or long at equal odds; short where a sample has no long one. */
        MIX
    }

    /** Copies the collections. */
    public SampleTexts {
        shortFields = List.copyOf(shortFields);
        longFields = List.copyOf(longFields);
        languages = List.copyOf(languages);
        names = Map.copyOf(names);
    }

    /** All captions of a sample, at equal odds. */
    public static final SampleTexts CAPTIONS =
            new SampleTexts(Mix.SHORT, List.of("captions"), List.of(), List.of(), Map.of());

    /** Every text that {@link #draw} may give for a sample, each once; at least one. */
    public List<String> all(PairIndex.Sample sample) {
        Set<String> texts = new LinkedHashSet<>();
        if (mix != Mix.LONG || texts(sample, longFields).isEmpty()) {
            texts.addAll(shorts(sample));
        }
        if (mix != Mix.SHORT) {
            texts.addAll(texts(sample, longFields));
        }
        return List.copyOf(texts);
    }

    /** The text of a sample in an epoch. */
    public String draw(PairIndex.Sample sample, SplittableRandom random) {
        boolean longer =
                switch (mix) {
                    case SHORT -> false;
                    case LONG -> true;
                    case MIX -> random.nextInt(2) == 1;
                };
        List<String> texts = longer ? texts(sample, longFields) : List.of();
        List<String> drawn = texts.isEmpty() ? shorts(sample) : texts;
        return drawn.get(random.nextInt(drawn.size()));
    }

    /** A sample's short texts; its first caption where the fields hold none. */
    public List<String> shorts(PairIndex.Sample sample) {
        List<String> texts = texts(sample, shortFields);
        return texts.isEmpty() ? List.of(sample.captions().getFirst().text()) : texts;
    }

    /**
     * The texts of some fields, each once. A field is {@code caption} (the first caption), {@code
     * captions} (all), {@code names} (the emoji's names), a metadata field with a text or a list of
     * texts (joined with commas), or several of these with {@code +}, joined with commas where all
     * are there.
     */
    private List<String> texts(PairIndex.Sample sample, List<String> fields) {
        Set<String> texts = new LinkedHashSet<>();
        for (String field : fields) {
            List<String> parts = new ArrayList<>();
            String[] wanted = field.split("\\+", -1);
            if (wanted.length == 1) {
                texts.addAll(values(sample, field));
                continue;
            }
            for (String part : wanted) {
                values(sample, part).stream().findFirst().ifPresent(parts::add);
            }
            if (parts.size() == wanted.length) {
                texts.add(String.join(", ", parts));
            }
        }
        texts.removeIf(String::isBlank);
        return List.copyOf(texts);
    }

    private List<String> values(PairIndex.Sample sample, String field) {
        return switch (field) {
            case "caption" -> captions(sample).stream().limit(1).toList();
            case "captions" -> captions(sample);
            case "names" -> names(sample);
            default ->
                    switch (sample.metadata().get(field)) {
                        case String text -> List.of(text.strip());
                        case List<?> list when !list.isEmpty() ->
                                List.of(
                                        String.join(
                                                ", ", list.stream().map(String::valueOf).toList()));
                        case null, default -> List.of();
                    };
        };
    }

    private List<String> captions(PairIndex.Sample sample) {
        return sample.captions().stream()
                .filter(c ->
                        languages.isEmpty()
                                || languages.contains(c.language())
                                || c.language().equals(Caption.UNDETERMINED))
                .map(Caption::text)
                .toList();
    }

    private List<String> names(PairIndex.Sample sample) {
        Emoji emoji = sample.text("emoji").map(names::get).orElse(null);
        if (emoji == null) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        new TreeMap<>(emoji.names())
                .forEach((language, name) -> {
                    if (languages.isEmpty() || languages.contains(language)) {
                        found.add(name);
                    }
                });
        return found;
    }
}
