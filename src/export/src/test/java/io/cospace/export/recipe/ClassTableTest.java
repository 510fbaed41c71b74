package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.export.ExportException;
import io.cospace.export.recipe.ClassTable.ImageClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassTableTest {
    @TempDir Path folder;

    @Test
    void reads_classes_in_their_order() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("classes.json"),
                        """
                        [{"wnid": "n2", "lemmas": ["tench", "Tinca tinca"], "gloss": "a fish"},
                         {"wnid": "n1", "lemmas": ["goldfish"], "gloss": "a golden fish"}]
                        """);

        assertThat(ClassTable.read(file))
                .containsExactly(
                        new ImageClass("n2", List.of("tench", "Tinca tinca"), "a fish"),
                        new ImageClass("n1", List.of("goldfish"), "a golden fish"));
    }

    @Test
    void a_class_is_placed_by_its_lemmas_photos_of_them_and_its_gloss() {
        assertThat(new ImageClass("n2", List.of("tench", "Tinca tinca"), "a fish").texts())
                .containsExactly(
                        "tench",
                        "a photo of a tench",
                        "Tinca tinca",
                        "a photo of a Tinca tinca",
                        "a fish");
    }

    @Test
    void refuses_a_class_without_a_name() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("classes.json"),
                        "[{\"wnid\": \"n2\", \"lemmas\": [], \"gloss\": \"\"}]");

        assertThatThrownBy(() -> ClassTable.read(file))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("class n2 has no lemma");
    }
}
