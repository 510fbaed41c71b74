package io.cospace.export.recipe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from ingredients to a bundle, on networks of a few kilobytes. */
class DefaultModelTest {
    @TempDir static Path folder;

    private static Path ingredients = Path.of("");
    private static Path bundle = Path.of("");

    @BeforeAll
    static void make() throws IOException {
        ingredients = TinyIngredients.write(folder.resolve("ingredients"));
        bundle = make(ingredients, folder.resolve("a/tiny/1"), null);
    }

    @Test
    void reference_files_are_copied_byte_for_byte() {
        assertThat(bundle.resolve("text.safetensors"))
                .hasSameBinaryContentAs(ingredients.resolve("text/model.q4.safetensors"));
        assertThat(bundle.resolve("image.safetensors"))
                .hasSameBinaryContentAs(
                        ingredients.resolve("image/efficientnet-lite0.safetensors"));
        assertThat(bundle.resolve("tokenizer.json"))
                .hasSameBinaryContentAs(ingredients.resolve("text/tokenizer.json"));
    }

    @Test
    void holds_these_files_and_no_other() throws IOException {
        assertThat(names(bundle))
                .containsExactly(
                        "LICENSES",
                        "adapter.onnx",
                        "adapter.safetensors",
                        "head.safetensors",
                        "image.fp32.onnx",
                        "image.safetensors",
                        "manifest.json",
                        "run.json",
                        "self-test.json",
                        "text.fp32.onnx",
                        "text.int8.onnx",
                        "text.int8.safetensors",
                        "text.safetensors",
                        "tokenizer.json");
    }

    @Test
    void the_same_ingredients_give_the_same_bytes_with_and_without_a_cache() throws IOException {
        Path cache = folder.resolve("cache");
        for (String copy : List.of("b/tiny/1", "c/tiny/1")) {
            Path again = make(ingredients, folder.resolve(copy), cache);
            for (String name : names(bundle)) {
                assertThat(again.resolve(name)).hasSameBinaryContentAs(bundle.resolve(name));
            }
        }
    }

    /**
     * The graphs against the recipe's own arithmetic in double precision over the frozen networks'
     * outputs.
     */
    @Test
    void the_served_vectors_are_those_of_the_recipe() throws IOException {
        Sources sources = Sources.read(Ingredients.in(ingredients));
        RawVectors raw = rawVectors(sources);
        Teacher teacher = DefaultModel.fit(sources, raw, TinyIngredients.FEATURES);

        try (Encoder encoder = open("fp32")) {
            for (Pair pair : sources.test()) {
                String caption = Corpus.caption(pair);
                TokenizedText tokens = encoder.text().tokenize(caption, Task.QUERY);
                float[] text = encoder.text().embed(List.of(tokens), Width.NARROW).getFirst();
                float[] pooled = encoder.text().pool(List.of(tokens), Width.NARROW).getFirst();
                float[] image =
                        encoder.image()
                                .embed(List.of(encoder.image().prepare(pair.image())), Width.NARROW)
                                .getFirst();

                assertThat(text)
                        .containsExactly(
                                Rows.toFloats(teacher.text(raw.text(caption))), within(2e-5f));
                assertThat(image)
                        .containsExactly(
                                Rows.toFloats(teacher.image(raw.image(pair))), within(2e-5f));
                assertThat(encoder.text().adapt(pooled)).containsExactly(text, within(1e-6f));
            }
        }
    }

    private static RawVectors rawVectors(Sources sources) throws IOException {
        Path stage = Files.createDirectories(folder.resolve("stage"));
        for (String file : List.of("text.safetensors", "image.safetensors", "tokenizer.json")) {
            Files.copy(bundle.resolve(file), stage.resolve(file));
        }
        try (Graphs graphs = Graphs.in(stage, ingredients.resolve("text/config.json"))) {
            graphs.writeRaw();
            FrozenTowers towers =
                    new FrozenTowers(
                            stage, new VectorCache(Optional.empty()), new Bulk(1), line -> {});
            return RawVectors.of(sources, towers, graphs);
        }
    }

    @Test
    void the_manifest_says_what_was_measured() {
        try (Encoder encoder = open(EncoderSettings.AUTO)) {
            Manifest manifest = encoder.bundle().manifest();

            assertThat(manifest.dimensions()).isEqualTo(TinyIngredients.FEATURES);
            assertThat(manifest.space()).startsWith("tiny-");
            assertThat(manifest.logitScale()).isBetween(1.0, 100.0);
            assertThat(manifest.created()).isEqualTo("2026-11-01T00:00:00Z");
            assertThat(manifest.targets())
                    .extracting(Manifest.Target::metric)
                    .contains(
                            "openclipart.image_to_text.recall_at_10",
                            "emoji.text_to_image.recall_at_1");
            Manifest.Calibrations calibration = requireNonNull(manifest.calibration());
            assertThat(requireNonNull(calibration.text()).min()).hasSize(TinyIngredients.FEATURES);
            assertThat(requireNonNull(calibration.image()).threshold())
                    .hasSize(TinyIngredients.FEATURES);
        }
    }

    @Test
    void an_ingredient_that_is_missing_is_named() throws IOException {
        Path incomplete = TinyIngredients.write(folder.resolve("incomplete"));
        Files.delete(incomplete.resolve("image/imagenet-classes.json"));

        assertThatThrownBy(() -> make(incomplete, folder.resolve("d/tiny/1"), null))
                .isInstanceOf(ExportException.class)
                .hasMessageStartingWith("ingredient missing: ")
                .hasMessageEndingWith("image/imagenet-classes.json");
        assertThat(folder.resolve("d")).doesNotExist();
    }

    @Test
    void a_class_table_of_another_size_is_refused_and_nothing_is_left() throws IOException {
        Path wrong = TinyIngredients.write(folder.resolve("wrong"));
        Files.writeString(
                wrong.resolve("image/imagenet-classes.json"),
                "[{\"wnid\": \"n1\", \"lemmas\": [\"fish\"], \"gloss\": \"\"}]");

        assertThatThrownBy(() -> make(wrong, folder.resolve("e/tiny/1"), null))
                .isInstanceOf(ExportException.class)
                .hasMessageEndingWith("names 1 classes; the classifier knows 5");
        assertThat(names(folder.resolve("e/tiny"))).isEmpty();
    }

    @Test
    void a_bundle_that_exists_is_not_written_over() {
        assertThatThrownBy(() -> make(ingredients, bundle, null))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("exists; a bundle is never overwritten");
    }

    private static Encoder open(String precision) {
        return Encoder.open(
                bundle, new EncoderSettings(new Device.Cpu(), precision, 1, Verification.FULL));
    }

    private static Path make(Path ingredients, Path out, @Nullable Path cache) {
        return new DefaultModel(
                        new DefaultModel.Request(ingredients, out, cache, "2026-11-01T00:00:00Z"),
                        line -> {})
                .make();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }
}
