package io.cospace.training.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.recipe.TeacherIngredients;
import io.cospace.export.recipe.TeacherIngredients.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The texts of the first stage and where the teacher has each, with how often it is drawn: classes
 * at their targets, WordNet's meanings above them between their own place and their classes',
 * further nouns and captions at their own, names of emoji in many languages at the English one's.
 */
final class TextRows {
    /** Languages of emoji names. */
    static final List<String> LANGUAGES =
            List.of(
                    "en", "de", "fr", "es", "pt", "pl", "ru", "el", "fi", "ja", "zh", "ar", "tr",
                    "hi", "it", "nl", "sv", "da", "cs", "uk", "hu", "id", "ko", "ro", "vi", "bg");

    private static final List<String> FRAMES =
            List.of("%s", "a photo of a %s", "a drawing of a %s");

    private final List<Row> rows = new ArrayList<>();

    /**
     * One text.
     *
     * @param places texts whose places the target is the mean of
     * @param classes whose targets the mean is added to
     */
    @SuppressWarnings("ArrayRecordComponent") // read and used up, never compared
    record Row(String text, List<String> places, int[] classes, double weight) {}

    /** All rows, in the order of their sources. */
    static TextRows of(TeacherIngredients ingredients) {
        TextRows rows = new TextRows();
        List<Words> classes = ingredients.classes();
        for (int i = 0; i < classes.size(); i++) {
            for (String text : framed(classes.get(i))) {
                rows.add(text, List.of(), new int[] {i}, 1);
            }
        }
        rows.addWordNet(ingredients.wordNet());
        Map<String, Emoji> emoji = ingredients.emoji();
        Set<String> named = new LinkedHashSet<>();
        for (Pair pair : ingredients.training()) {
            rows.addCaptions(pair);
            pair.text("emoji").ifPresent(named::add);
        }
        for (String code : named) {
            Emoji entry = emoji.get(code);
            if (entry != null) {
                rows.addNames(entry);
            }
        }
        return rows;
    }

    List<Row> rows() {
        return rows;
    }

    private void addWordNet(Path file) {
        try {
            JsonNode json = JsonMapper.builder().build().readTree(file.toFile());
            for (JsonNode node : json.path("inner")) {
                Words words = words(node);
                int[] classes =
                        IntStream.range(0, node.path("classes").size())
                                .map(i -> node.path("classes").path(i).asInt())
                                .toArray();
                List<String> own = new ArrayList<>();
                words.lemmas()
                        .forEach(lemma -> {
                            own.add(lemma);
                            own.add("a photo of a " + lemma);
                        });
                own.add(words.gloss());
                framed(words).forEach(text -> add(text, own, classes, .7));
            }
            for (JsonNode node : json.path("extra")) {
                framed(words(node)).forEach(text -> add(text, List.of(text), new int[0], .3));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Words words(JsonNode node) {
        List<String> lemmas = new ArrayList<>();
        node.path("lemmas").forEach(lemma -> lemmas.add(lemma.asText()));
        return new Words(lemmas, node.path("gloss").asText());
    }

    private static List<String> framed(Words words) {
        List<String> texts = new ArrayList<>();
        for (String lemma : words.lemmas()) {
            FRAMES.forEach(frame -> texts.add(frame.formatted(lemma)));
        }
        texts.add(words.gloss());
        return texts;
    }

    private void addCaptions(Pair pair) {
        String caption = TeacherIngredients.caption(pair);
        add(caption, List.of(caption), new int[0], .5);
        withKeywords(pair).forEach(text -> add(text, List.of(caption), new int[0], .5));
        pair.text("description").ifPresent(text -> add(text, List.of(caption), new int[0], .3));
    }

    /** The caption with its keywords, if it has any. */
    static List<String> withKeywords(Pair pair) {
        List<String> keywords = pair.texts("keywords");
        String caption = TeacherIngredients.caption(pair);
        return keywords.isEmpty()
                ? List.of()
                : List.of(caption + ", " + String.join(", ", keywords));
    }

    private void addNames(Emoji emoji) {
        String english = emoji.names().get("en");
        if (english == null) {
            return;
        }
        for (String language : LANGUAGES) {
            String name = emoji.names().get(language);
            if (name != null) {
                add(name, List.of(english), new int[0], .7);
            }
        }
    }

    private void add(String text, List<String> places, int[] classes, double weight) {
        if (!text.isBlank()) {
            rows.add(new Row(text, places, classes, weight));
        }
    }

    /** Every text that a vector is needed of. */
    Set<String> texts() {
        Set<String> texts = new LinkedHashSet<>();
        rows.forEach(row -> {
            texts.add(row.text());
            texts.addAll(row.places());
        });
        texts.removeIf(String::isBlank);
        return texts;
    }
}
