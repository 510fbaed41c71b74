package io.cospace.export.recipe;

import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.recipe.ClassTable.ImageClass;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The texts that the whitening is fitted on: everything the training side says, each text once, in
 * the order found. Nothing of the validation and test pairs is in it unless a training picture says
 * the same.
 */
public final class Corpus {
    /** Languages whose emoji names count; the recipe's fourteen. */
    public static final List<String> LANGUAGES =
            List.of(
                    "en", "de", "fr", "es", "pt", "pl", "ru", "el", "fi", "ja", "zh", "ar", "tr",
                    "hi");

    private Corpus() {}

    /**
     * Captions, captions with their keywords, descriptions, names of the training emoji, class
     * lemmas and glosses.
     *
     * @param training the training pairs
     * @param emoji the table of names by code points
     * @param classes the classifier's classes
     */
    public static List<String> of(
            List<Pair> training, Map<String, Emoji> emoji, List<ImageClass> classes) {
        Set<String> texts = new LinkedHashSet<>();
        for (Pair pair : training) {
            String caption = caption(pair);
            List<String> keywords = pair.texts("keywords");
            texts.add(caption);
            texts.add(keywords.isEmpty() ? caption : caption + ", " + String.join(", ", keywords));
            pair.text("description").ifPresent(texts::add);
        }
        for (Pair pair : training) {
            pair.text("emoji").map(emoji::get).ifPresent(entry -> addNames(texts, entry));
        }
        for (ImageClass imageClass : classes) {
            texts.addAll(imageClass.lemmas());
            texts.add(imageClass.gloss());
        }
        texts.removeIf(String::isBlank);
        return List.copyOf(texts);
    }

    /** The caption that stands for a pair: its first. */
    public static String caption(Pair pair) {
        return pair.captions().getFirst().text();
    }

    private static void addNames(Set<String> texts, Emoji emoji) {
        for (String language : LANGUAGES) {
            String name = emoji.names().get(language);
            if (name != null) {
                texts.add(name);
            }
        }
    }
}
