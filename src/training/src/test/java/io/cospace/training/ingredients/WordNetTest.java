package io.cospace.training.ingredients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.training.ingredients.WordNet.Placed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordNetTest {
    private static final List<String> CLASSES = List.of("00000005", "00000006");

    @TempDir Path folder;
    private WordNet wordNet;

    @BeforeEach
    void read() throws IOException {
        Path file = folder.resolve("data.noun");
        Files.writeString(
                file,
                """
                  1 licence text
                00000001 03 n 01 entity 0 000 | that which is
                00000002 05 n 02 domestic_animal 0 pet 0 001 @ 00000001 n 0000 | a tame animal; "she keeps one"
                00000003 05 n 01 cat 0 002 @ 00000002 n 0000 ~ 00000005 n 0000 | feline
                00000004 05 n 01 dog 0 001 @ 00000002 n 0000 | canine
                00000005 05 n 01 tabby 0 001 @ 00000003 n 0000 | a striped cat
                00000006 05 n 01 pug 0 001 @ 00000004 n 0000 | a small dog
                00000007 05 n 01 Siamese 0 001 @ 00000003 n 0000 | a blue-eyed cat
                00000008 05 n 01 Felix 0 001 @i 00000007 n 0000 | a Siamese
                00000009 05 n 01 kitten 0 001 @ 00000008 n 0000 | of Felix
                """);
        wordNet = WordNet.read(file);
    }

    @Test
    void reads_words_and_definitions_without_examples() {
        assertThat(wordNet.at("00000002").lemmas()).containsExactly("domestic animal", "pet");
        assertThat(wordNet.at("00000002").gloss()).isEqualTo("a tame animal");
        assertThatThrownBy(() -> wordNet.at("12345678"))
                .hasMessage("no noun at 12345678: is this WordNet 3.0?");
    }

    @Test
    void meanings_above_classes_know_which_are_below_them() {
        List<Placed> above = wordNet.above(CLASSES);

        assertThat(above)
                .extracting(placed -> placed.meaning().lemmas().getFirst())
                .containsExactly("cat", "domestic animal", "entity", "dog");
        assertThat(above)
                .extracting(Placed::classes)
                .containsExactly(List.of(0), List.of(0, 1), List.of(0, 1), List.of(1));
    }

    @Test
    void other_meanings_stand_at_the_nearest_within_two_steps() {
        assertThat(wordNet.near(CLASSES))
                .containsExactly(
                        new Placed(wordNet.at("00000007"), List.of(0), Optional.of(1)),
                        new Placed(wordNet.at("00000008"), List.of(0), Optional.of(2)));
    }
}
