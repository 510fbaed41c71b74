package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.recipe.ClassTable.ImageClass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorpusTest {
    private static final Emoji APPLE =
            new Emoji(
                    "1f34e",
                    "\uD83C\uDF4E",
                    Map.of("en", "red apple", "de", "roter Apfel", "sv", "rött äpple"),
                    Map.of());
    private static final Emoji PEAR =
            new Emoji("1f350", "\uD83C\uDF50", Map.of("en", "pear"), Map.of());

    @Test
    void holds_captions_with_and_without_keywords_descriptions_names_and_classes_in_that_order() {
        List<Pair> training =
                List.of(
                        pair(
                                "a pear",
                                Map.of(
                                        "keywords",
                                        List.of("fruit", "green"),
                                        "description",
                                        "A green pear.")),
                        pair("red apple", Map.of("emoji", "1f34e")));
        List<ImageClass> classes =
                List.of(new ImageClass("n1", List.of("fig", "figs"), "a sweet fruit"));

        assertThat(Corpus.of(training, Map.of("1f34e", APPLE, "1f350", PEAR), classes))
                .containsExactly(
                        "a pear",
                        "a pear, fruit, green",
                        "A green pear.",
                        "red apple",
                        "roter Apfel",
                        "fig",
                        "figs",
                        "a sweet fruit");
    }

    @Test
    void names_of_emoji_that_are_not_trained_on_stay_out() {
        assertThat(
                        Corpus.of(
                                List.of(pair("red apple", Map.of("emoji", "1f34e"))),
                                Map.of("1f350", PEAR),
                                List.of()))
                .containsExactly("red apple");
    }

    private static Pair pair(String caption, Map<String, Object> metadata) {
        return new Pair("key", new byte[] {1}, List.of(Caption.of(caption)), metadata);
    }
}
