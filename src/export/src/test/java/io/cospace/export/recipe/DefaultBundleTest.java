package io.cospace.export.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.bundle.Manifest.Graph;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bundle that the repository ships: what the format, the licences and the recipe's published
 * figures ask of it.
 */
class DefaultBundleTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("cospace.root"), "models/mini-multilingual/2");

    /** Two adapters and two class tables are 10 MB more than version 1 had. */
    private static final long LIMIT_BYTES = 130_000_000;

    private final ModelBundle bundle = ModelBundle.open(FOLDER, Verification.FULL);
    private final Manifest manifest = bundle.manifest();

    @Test
    void is_within_its_size_limit() {
        long bytes = manifest.files().values().stream().mapToLong(Manifest.FileEntry::bytes).sum();

        assertThat(bytes).isBetween(100_000_000L, LIMIT_BYTES);
    }

    @Test
    void is_called_as_its_folder_and_reads_pictures_and_texts_as_the_recipe_says() {
        assertThat(manifest.id()).isEqualTo("mini-multilingual/2");
        assertThat(manifest.space()).startsWith("mini-multilingual-");
        assertThat(manifest.dimensions()).isEqualTo(512);
        assertThat(manifest.score()).isEqualTo(Manifest.Score.SOFTMAX);
        assertThat(manifest.image().preprocessing()).isEqualTo(Settings.preprocessing());
        assertThat(manifest.text()).isEqualTo(Settings.textFormat(512));
    }

    @Test
    void repeats_the_licence_of_every_part() {
        assertThat(new String(bundle.read("LICENSES"), StandardCharsets.UTF_8))
                .contains(
                        "Permission is hereby granted, free of charge", // MIT
                        "Apache License",
                        "WordNet",
                        "UNICODE LICENSE V3",
                        "Public Domain",
                        "Twitter, Inc and other contributors, licensed under CC-BY 4.0");
        assertThat(manifest.license()).isEqualTo(Licenses.EXPRESSION);
    }

    @Test
    void provenance_names_the_very_ingredients() {
        RunRecord run = ManifestJson.read("run.json", bundle.read("run.json"), RunRecord.class);

        Map<String, String> copies =
                Map.of(
                        "text/model.q4.safetensors", "text.safetensors",
                        "image/efficientnet-lite0.safetensors", "image.safetensors",
                        "text/tokenizer.json", "tokenizer.json");
        copies.forEach((ingredient, file) ->
                assertThat(run.ingredients().get(ingredient))
                        .isEqualTo(manifest.files().get(file)));
        assertThat(run.counts())
                .containsEntry("corpus_texts", 31_968L)
                .containsEntry("training_pairs", 7_322L);
        assertThat(run.versions())
                .containsKeys("onnxruntime", "tokenizers", "ejml", "java", "cospace");
        assertThat(Truncation.acceptable(run.truncation(), manifest.dimensions()))
                .isEqualTo(manifest.truncatableTo());
    }

    /** The goals of measure.md for 8 bits. */
    @Test
    void int8_stays_close_to_fp32() {
        SortedMap<String, Graph> graphs = manifest.precisions().text().graphs();
        Cosine cosine =
                Objects.requireNonNull(Objects.requireNonNull(graphs.get("int8")).cosineToFp32());
        SortedMap<String, Double> int8 =
                Objects.requireNonNull(Objects.requireNonNull(graphs.get("int8")).quality());
        SortedMap<String, Double> fp32 =
                Objects.requireNonNull(Objects.requireNonNull(graphs.get("fp32")).quality());

        assertThat(cosine.mean()).isGreaterThanOrEqualTo(0.995);
        assertThat(cosine.min()).isGreaterThanOrEqualTo(0.98);
        assertThat(int8).hasSameSizeAs(fp32);
    }

    /**
     * The recipe's row: the mean of three seeds, which the mean of ours is within two points of;
     * this bundle is one seed, for which three are allowed.
     */
    @ParameterizedTest
    @CsvSource({
        "openclipart.image_to_text.recall_at_1, .206",
        "openclipart.image_to_text.recall_at_5, .390",
        "openclipart.image_to_text.recall_at_10, .499",
        "openclipart.text_to_image.recall_at_1, .201",
        "openclipart.text_to_image.recall_at_5, .406",
        "openclipart.text_to_image.recall_at_10, .500",
        "emoji.image_to_text.recall_at_1, .260",
        "emoji.image_to_text.recall_at_5, .529",
        "emoji.image_to_text.recall_at_10, .647",
        "emoji.text_to_image.recall_at_1, .285",
        "emoji.text_to_image.recall_at_5, .530",
        "emoji.text_to_image.recall_at_10, .668"
    })
    void targets_reach_the_figures_of_the_recipe(String metric, double published) {
        Manifest.Target target =
                Objects.requireNonNull(manifest.targets()).stream()
                        .filter(candidate -> candidate.metric().equals(metric))
                        .findFirst()
                        .orElseThrow();

        assertThat(target.value()).isGreaterThanOrEqualTo(published - .03);
    }

    @ParameterizedTest
    @CsvSource({"auto", "fp32"})
    void opens_with_its_own_self_test_and_understands_several_languages(String precision) {
        try (Encoder encoder =
                Encoder.open(
                        FOLDER,
                        new EncoderSettings(new Device.Cpu(), precision, 1, Verification.SIZE))) {
            float[] cat = text(encoder, "a photo of a cat");

            for (String other :
                    new String[] {"ein Foto einer Katze", "фотография кошки", "猫の写真", "صورة قطة"}) {
                assertThat(Vectors.dot(cat, text(encoder, other)))
                        .as(other)
                        .isGreaterThan(Vectors.dot(cat, text(encoder, "a house by the sea")));
            }
        }
    }

    private static float[] text(Encoder encoder, String text) {
        return encoder.text()
                .embed(List.of(encoder.text().tokenize(text, Task.QUERY)), Width.NARROW)
                .getFirst();
    }
}
