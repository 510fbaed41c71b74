package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngredientsTest {
    @TempDir Path folder;

    @Test
    void finds_shards_by_split_in_the_order_of_their_names() throws IOException {
        TinyIngredients.write(folder);
        Files.copy(folder.resolve("pairs/val-0000.tar"), folder.resolve("pairs/train-0001.tar"));

        assertThat(Ingredients.in(folder).shards("train"))
                .containsExactly(
                        folder.resolve("pairs/train-0000.tar"),
                        folder.resolve("pairs/train-0001.tar"));
    }

    @Test
    void names_files_relative_to_the_folder() throws IOException {
        TinyIngredients.write(folder);
        Ingredients ingredients = Ingredients.in(folder);

        assertThat(ingredients.all().stream().map(ingredients::nameOf))
                .contains(
                        "text/model.q4.safetensors",
                        "pairs/train-0000.tar",
                        "image/LICENSE-wordnet.txt")
                .hasSize(15);
    }

    @Test
    void refuses_a_second_test_shard() throws IOException {
        TinyIngredients.write(folder);
        Files.copy(folder.resolve("pairs/val-0000.tar"), folder.resolve("pairs/test-0001.tar"));

        assertThatThrownBy(() -> Ingredients.in(folder))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("one test shard expected");
    }

    @Test
    void names_a_split_without_a_shard() throws IOException {
        TinyIngredients.write(folder);
        Files.delete(folder.resolve("pairs/val-0000.tar"));

        assertThatThrownBy(() -> Ingredients.in(folder))
                .isInstanceOf(ExportException.class)
                .hasMessage("ingredient missing: " + folder.resolve("pairs/val-0000.tar"));
    }
}
