package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.encoder.Encoder;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.math.Vectors;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bare checkpoints, other embedders, and all precisions. */
final class ImportFormatsTest {
    private static final int[] LENGTHS = {6, 9, 14, 20};

    @TempDir private Path folder;
    private ImportHarness harness = new ImportHarness(Path.of(""));

    @BeforeEach
    void prepare() {
        harness = new ImportHarness(folder);
    }

    @Test
    void imports_an_openai_torchscript_archive() throws IOException {
        Path clip = harness.clipFolder();
        Path script = ImportHarness.GOLDEN.resolve("image/openai_vit/openai_torchscript.pt");
        Path tokenizer = clip.resolve("tokenizer.json");
        assertThat(imported(script, "--tokenizer", tokenizer.toString())).isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("image/openai_vit/io.safetensors")) {
            assertThat(encoder.bundle().manifest().image().preprocessing())
                    .isEqualTo(ImageConfig.clip(32));
            ImportHarness.assertImages(encoder, image, "features_normalized");
            assertClipTexts(encoder);
        }
    }

    @Test
    void imports_an_open_clip_folder() throws IOException {
        Path openClip = Files.createDirectories(folder.resolve("open_clip"));
        Files.copy(
                ImportHarness.GOLDEN.resolve("image/openai_vit/open_clip_custom_text.safetensors"),
                openClip.resolve("open_clip_model.safetensors"));
        Files.copy(
                harness.clipFolder().resolve("tokenizer.json"), openClip.resolve("tokenizer.json"));
        Files.writeString(
                openClip.resolve("open_clip_config.json"),
                """
                {"model_cfg": {"embed_dim": 40, "quick_gelu": true,
                   "vision_cfg": {"image_size": 32, "layers": 2, "width": 128, "patch_size": 8},
                   "text_cfg": {"context_length": 12, "vocab_size": 96, "width": 128, "heads": 2, "layers": 1}},
                 "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
                   "interpolation": "bicubic", "resize_mode": "squash"}}
                """);
        assertThat(imported(openClip)).isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("image/openai_vit/io.safetensors")) {
            assertThat(encoder.bundle().manifest().image().preprocessing())
                    .isEqualTo(ImageConfig.siglip(32));
            ImportHarness.assertImages(encoder, image, "features_normalized");
            assertClipTexts(encoder);
        }
    }

    @Test
    void imports_eva_with_the_text_tower_of_another_folder() throws IOException {
        Path text = clipText();
        Path eva = ImportHarness.GOLDEN.resolve("image/eva02/g8_pt16/eva02_visual.safetensors");
        assertThat(imported(eva, text.toString())).isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("image/eva02/g8_pt16/io.safetensors")) {
            ImportHarness.assertImages(encoder, image, "features_normalized");
            assertClipTexts(encoder);
        }
    }

    @Test
    void imports_proclip_from_the_older_container_with_its_embedder() throws IOException {
        Path llama = harness.llamaFolder();
        Path proclip = ImportHarness.GOLDEN.resolve("adapter/proclip/ProCLIP_tiny_legacy.pt");
        assertThat(imported(proclip, llama.toString())).isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("adapter/proclip/tower_io.safetensors");
                TensorSource text =
                        ImportHarness.golden("text/llama_bidirectional/io.safetensors");
                TensorSource weights = Checkpoint.open(proclip)) {
            ImportHarness.assertImages(encoder, image, "image_embeds");
            ReferenceAdapter adapter =
                    new ReferenceAdapter(weights, ImportHarness.ADAPTER, 1, true);
            long[] ids = text.longs("input_ids_right");
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < LENGTHS.length; i++) {
                texts.add(TinyTokenizer.text(ids, 20 * i + 4, 20 * i + LENGTHS[i] - 1));
            }
            ImportHarness.assertTexts(
                    encoder,
                    texts,
                    ImportHarness.rows(text.floats("pooled"), 64).stream()
                            .map(adapter::apply)
                            .toList());
        }
    }

    @Test
    void imports_a_sentence_transformers_folder_with_a_dense_layer() throws IOException {
        Path bert = bertFolder();
        Random random = new Random(11);
        float[] weight = ImportHarness.random(random, 40 * 64);
        float[] bias = ImportHarness.random(random, 40);
        Path dense = Files.createDirectories(bert.resolve("2_Dense"));
        new SafetensorsWriter()
                .add("linear.weight", weight, 40, 64)
                .add("linear.bias", bias, 40)
                .write(dense.resolve("model.safetensors"));
        Files.writeString(
                dense.resolve("config.json"),
                "{\"in_features\":64,\"out_features\":40,\"bias\":true,"
                        + "\"activation_function\":\"torch.nn.modules.activation.Tanh\"}");
        Path vision = ImportHarness.GOLDEN.resolve("image/openai_vit/hf_vision");

        assertThat(imported(vision, bert.toString())).isZero();

        try (Encoder encoder = harness.open("fp32");
                TensorSource io = ImportHarness.golden("text/bert/io.safetensors")) {
            long[] shape = io.info("input_ids").shape();
            long[] ids = io.longs("input_ids");
            long[] mask = io.longs("attention_mask");
            List<String> texts = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            List<float[]> pooled = ImportHarness.rows(io.floats("mean_pooled"), 64);
            for (int row = 0; row < shape[0]; row++) {
                int start = (int) (row * shape[1]);
                int length = 0;
                while (length < shape[1] && mask[start + length] == 1) {
                    length++;
                }
                texts.add(TinyTokenizer.text(ids, start, start + length));
                expected.add(dense(weight, bias, pooled.get(row)));
            }
            ImportHarness.assertTexts(encoder, texts, expected);
            float[] adapted = encoder.text().adapt(pooled.getFirst());
            assertThat(Vectors.dot(adapted, Vectors.normalise(expected.getFirst())))
                    .isGreaterThan(0.99999);
        }
    }

    @Test
    void imports_a_tower_for_larger_images() throws IOException {
        Path clip = harness.clipFolder();
        assertThat(imported(clip, "--image-size", "48", "--precision", "fp32")).isZero();
        assertThat(harness.told()).contains("positions of 4 x 4 patches resized to 6 x 6");
        try (Encoder encoder = harness.open("fp32");
                TensorSource io = ImportHarness.golden("image/resized.safetensors")) {
            assertThat(encoder.bundle().manifest().image().preprocessing())
                    .isEqualTo(ImageConfig.clip(48));
            ImportHarness.assertImages(encoder, io, "clip_hf.pixel_values", "clip_hf.embedding");
        }
    }

    @Test
    void measures_every_precision_and_records_it() throws IOException {
        Path clip = harness.clipFolder();
        assertThat(imported(clip, "--precision", "fp32,int8,int8-fast,fp16")).isZero();
        assertThat(harness.told())
                .contains("text tower at fp32: the reference")
                .contains(
                        "image tower at int8-fast: costs that an item's vector depends on its batch")
                .contains("image tower at int8: cosine to fp32 mean 0.99");
        for (String precision : List.of("fp32", "int8", "int8-fast", "fp16")) {
            try (Encoder encoder = harness.open(precision)) {
                Manifest.Precisions towers = encoder.bundle().manifest().precisions();
                for (Manifest.Tower tower : List.of(towers.image(), towers.text())) {
                    Cosine cosine = tower.graph(precision).cosineToFp32();
                    double mean = cosine == null ? 1 : cosine.mean();
                    assertThat(cosine == null).isEqualTo(precision.equals("fp32"));
                    assertThat(mean).isGreaterThan(0.99);
                }
            }
        }
    }

    @Test
    void measures_layer_by_layer_what_does_not_fit_into_memory() throws IOException {
        String[] sources = {harness.visionFolder().toString(), harness.llamaFolder().toString()};
        Path small = folder.resolve("models/small/1");
        Path large = folder.resolve("models/large/1");
        String[] common = {"import", sources[0], sources[1], "--precision", "fp32,int8", "--out"};
        assertThat(harness.run(with(common, large.toString()))).isZero();
        assertThat(harness.told()).doesNotContain("layer by layer");
        assertThat(harness.run(with(common, small.toString(), "--memory", "0.0006"))).isZero();
        assertThat(harness.told()).contains("text tower at fp32 is larger than the memory");
        assertThat(cosine(small)).isEqualTo(cosine(large));
        assertThat(cosine(small).mean()).isGreaterThan(0.99);
    }

    @Test
    void records_as_unmeasured_what_cannot_be_run_at_all() throws IOException {
        Path eva = ImportHarness.GOLDEN.resolve("image/eva02/g8_pt16/eva02_visual.safetensors");
        String text = clipText().toString();
        assertThat(imported(eva, text, "--precision", "int8", "--memory", "0.0006")).isZero();
        assertThat(harness.told())
                .contains("image tower at int8 is larger than the memory")
                .contains("text tower at int8: unmeasured");
        try (Encoder encoder = harness.open("int8")) {
            Manifest.Graph graph = encoder.bundle().manifest().precisions().text().graph("int8");
            assertThat(graph.wasMeasured()).isFalse();
            assertThat(graph.figures()).containsOnlyKeys("unmeasured");
        }
        Path other = folder.resolve("models/tiny/2");
        String[] less = {"import", eva.toString(), text, "--memory", "0.00001", "--out"};
        assertThat(harness.run(with(less, other.toString()))).isEqualTo(1);
        assertThat(harness.told()).contains("no image graph fits into memory");
    }

    @Test
    void measures_a_precision_against_fp32_that_the_bundle_does_not_hold() throws IOException {
        Path clip = harness.clipFolder();
        assertThat(imported(clip, "--image-precision", "fp32", "--text-precision", "int8"))
                .isZero();
        assertThat(harness.told()).contains("text tower at int8: cosine to fp32 mean 0.99");
        try (Encoder encoder = harness.open("int8");
                Stream<Path> left = Files.list(harness.out().getParent())) {
            Manifest.Precisions towers = encoder.bundle().manifest().precisions();
            assertThat(towers.image().graphs()).containsOnlyKeys("fp32");
            assertThat(towers.text().graphs()).containsOnlyKeys("int8");
            assertThat(towers.text().graph("int8").cosineToFp32()).isNotNull();
            assertThat(left).containsExactly(harness.out());
        }
    }

    @ParameterizedTest
    @CsvSource({"8,,0.999", "4,,0.9", "4,8,0.9", "0,4,0.95"})
    void stores_an_embedder_in_few_bits_and_says_what_it_costs(
            int weights, Integer tables, double least) throws IOException {
        Path vision = harness.visionFolder();
        List<String> options =
                new ArrayList<>(
                        List.of(
                                harness.llamaFolder().toString(),
                                "--force",
                                "--text-weights",
                                String.valueOf(weights)));
        if (tables != null) {
            options.addAll(List.of("--text-tables", tables.toString()));
        }
        assertThat(imported(vision, options.toArray(String[]::new))).isZero();
        assertThat(harness.told()).contains("text tower at int8: cosine to the original weights");
        try (Encoder encoder = harness.open("fp32");
                TensorSource stored = Checkpoint.open(harness.out().resolve("text.safetensors"))) {
            Manifest.Graph graph = encoder.bundle().manifest().precisions().text().graph("fp32");
            assertThat(graph.figures().get("cosine_to_original_weights.mean"))
                    .isBetween(least, 0.9999999);
            int tableBits = tables == null ? weights : tables;
            assertThat(stored.names()).contains("embed_tokens.weight_q" + tableBits);
            assertThat(stored.names().contains("layers.0.mlp.up_proj.weight"))
                    .isEqualTo(weights == 0);
        }
    }

    @Test
    void refuses_a_precision_far_from_fp32_unless_forced() throws IOException {
        Path vision = harness.visionFolder();
        Path llama = harness.llamaFolder();
        outshine(llama.resolve("model.safetensors"));
        assertThat(imported(vision, llama.toString())).isEqualTo(1);
        assertThat(harness.told())
                .contains("warning: text tower at int8: cosine to fp32 mean 0.")
                .contains("a mean below 0.95 is refused without --force");
        assertThat(harness.out()).doesNotExist();
        assertThat(imported(vision, llama.toString(), "--force")).isZero();
        try (Encoder encoder = harness.open("auto")) {
            Manifest.Tower text = encoder.bundle().manifest().precisions().text();
            assertThat(text.graph("int8").figures().get("cosine_to_fp32.mean")).isLessThan(0.95);
            assertThat(text.defaultFor("cpu")).isEqualTo("fp32");
        }
    }

    /** Large weights over inputs that are always 0: of no effect but on the scale of 8 bits. */
    private static void outshine(Path file) throws IOException {
        Path more = file.resolveSibling("scaled.safetensors");
        try (TensorSource source = Checkpoint.open(file)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (String name : source.names()) {
                float[] values = source.floats(name);
                boolean norm = name.matches(".*(input|attention)_layernorm.weight");
                boolean layer = name.matches(".*\\.[qkv]_proj.weight|.*(gate|up)_proj.weight");
                for (int i = 0; i < values.length && (norm || layer); i += 16) {
                    values[i] = norm ? 0 : 1000;
                }
                writer.add(name, values, source.info(name).shape());
            }
            writer.write(more);
        }
        Files.move(more, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Cosine cosine(Path bundle) throws IOException {
        JsonNode graph =
                JsonFile.read(bundle.resolve("manifest.json"))
                        .at("/precisions/text/graphs/int8/cosine_to_fp32");
        return new Cosine(graph.path("min").asDouble(), graph.path("mean").asDouble());
    }

    private static String[] with(String[] common, String... more) {
        return Stream.concat(Arrays.stream(common), Arrays.stream(more)).toArray(String[]::new);
    }

    /** A folder of the text tower alone. */
    private Path clipText() throws IOException {
        Path text = Files.createDirectories(folder.resolve("text"));
        Path source = ImportHarness.GOLDEN.resolve("text/clip/hf_text");
        for (String file : List.of("model.safetensors", "config.json")) {
            Files.copy(source.resolve(file), text.resolve(file));
        }
        Files.copy(harness.clipFolder().resolve("tokenizer.json"), text.resolve("tokenizer.json"));
        return text;
    }

    private int imported(Path first, String... rest) {
        List<String> arguments = new ArrayList<>(List.of("import", first.toString()));
        arguments.addAll(List.of(rest));
        arguments.addAll(List.of("--out", harness.out().toString()));
        return harness.run(arguments.toArray(String[]::new));
    }

    private static void assertClipTexts(Encoder encoder) {
        try (TensorSource text = ImportHarness.golden("text/clip/io.safetensors")) {
            long[] ids = text.longs("input_ids");
            List<String> texts =
                    List.of(
                            TinyTokenizer.text(ids, 1, 4),
                            TinyTokenizer.text(ids, 13, 14),
                            TinyTokenizer.text(ids, 25, 35));
            ImportHarness.assertTexts(
                    encoder, texts, ImportHarness.rows(text.floats("features_normalized"), 40));
        }
    }

    private static float[] dense(float[] weight, float[] bias, float[] x) {
        float[] y = new float[bias.length];
        for (int row = 0; row < y.length; row++) {
            double sum = bias[row];
            for (int i = 0; i < x.length; i++) {
                sum += weight[row * x.length + i] * x[i];
            }
            y[row] = (float) Math.tanh(sum);
        }
        return y;
    }

    private Path bertFolder() throws IOException {
        Path bert = folder.resolve("bert");
        Files.createDirectories(bert.resolve("1_Pooling"));
        Path source = ImportHarness.GOLDEN.resolve("text/bert");
        for (String file : List.of("model.safetensors", "config.json")) {
            Files.copy(source.resolve(file), bert.resolve(file));
        }
        Files.writeString(
                bert.resolve("modules.json"),
                """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
                """);
        Files.writeString(
                bert.resolve("1_Pooling/config.json"), "{\"pooling_mode_mean_tokens\": true}");
        TinyTokenizer.write(bert, 120, Map.of(), null, null);
        return bert;
    }
}
