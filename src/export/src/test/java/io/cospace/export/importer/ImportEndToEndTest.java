package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Score;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat.Pooling;
import io.cospace.export.Main;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Folders as they are published, imported by the command, opened by the encoder: golden vectors.
 */
final class ImportEndToEndTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("cospace.root"), "src/export/src/test/resources/golden");
    private static final double EQUAL = 0.99999;

    private static final String ADAPTER = "text.text_adaptor.";

    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    @Test
    void imports_a_hugging_face_clip_folder() throws IOException {
        Path clip = clipFolder();
        assertThat(run("import", clip.toString(), "--out", out().toString()))
                .as(err.toString())
                .isZero();
        try (Encoder encoder = open("fp32");
                TensorSource image = golden("image/openai_vit/io.safetensors");
                TensorSource text = golden("text/clip/io.safetensors")) {
            Manifest manifest = encoder.bundle().manifest();
            assertThat(manifest.logitScale()).isCloseTo(Math.exp(2.65926f), within(1e-6));
            assertThat(manifest.score()).isEqualTo(Score.SOFTMAX);
            assertThat(manifest.precisions().text().graphs()).containsOnlyKeys("fp32", "int8");
            assertThat(manifest.license()).isEqualTo("MIT");
            assertImages(encoder, image, "features_normalized");
            long[] ids = text.longs("input_ids");
            List<String> texts =
                    List.of(
                            TinyTokenizer.text(ids, 1, 4),
                            TinyTokenizer.text(ids, 13, 14),
                            TinyTokenizer.text(ids, 25, 35));
            assertTexts(encoder, texts, rows(text.floats("features_normalized"), 40));
        }
    }

    @Test
    void imports_vision_with_adapter_and_a_llama_embedder() throws IOException {
        Path llama = llamaFolder();
        Path vision = visionFolder();
        assertThat(run("import", vision.toString(), llama.toString(), "--out", out().toString()))
                .as(err.toString())
                .isZero();
        try (Encoder encoder = open("fp32");
                TensorSource image = golden("adapter/llm2clip/tower_io.safetensors");
                TensorSource text = golden("text/llama_bidirectional/io.safetensors");
                TensorSource weights = Checkpoint.open(vision)) {
            assertThat(encoder.bundle().manifest().text().pooling())
                    .isEqualTo(Pooling.MEAN_AFTER_PREFIX);
            assertImages(encoder, image, "image_embeds");
            ReferenceAdapter adapter =
                    new ReferenceAdapter(weights, "text_adapter.adaptor.", 4, true);
            long[] ids = text.longs("input_ids_right");
            int[] lengths = {6, 9, 14, 20};
            List<String> texts = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            List<float[]> pooled = rows(text.floats("pooled"), 64);
            for (int i = 0; i < lengths.length; i++) {
                texts.add(TinyTokenizer.text(ids, 20 * i + 4, 20 * i + lengths[i] - 1));
                expected.add(adapter.apply(pooled.get(i)));
            }
            assertTexts(encoder, texts, expected);
            float[] adapted = encoder.text().adapt(pooled.getFirst());
            assertThat(Vectors.dot(adapted, expected.getFirst())).isGreaterThan(EQUAL);
        }
    }

    @Test
    void imports_siglip_2_with_an_adapter_and_a_qwen3_embedder() throws IOException {
        Path qwen = Files.createDirectories(folder.resolve("qwen"));
        for (String file : List.of("model.safetensors", "config.json")) {
            Files.copy(GOLDEN.resolve("text/qwen3").resolve(file), qwen.resolve(file));
        }
        TinyTokenizer.write(qwen, 96, Map.of(3, "<|endoftext|>"), null, "<|endoftext|>");
        Path adapterFile = folder.resolve("adapter.safetensors");
        writeAdapter(adapterFile, 64, 144);
        Path siglip = GOLDEN.resolve("image/siglip2/hf_siglip");
        String[] sources = {siglip.toString(), adapterFile.toString(), qwen.toString()};
        assertThat(run("import", sources[0], sources[1], sources[2], "--out", out().toString()))
                .as(err.toString())
                .isZero();
        try (Encoder encoder = open("fp32");
                TensorSource image = golden("image/siglip2/io.safetensors");
                TensorSource text = golden("text/qwen3/io.safetensors");
                TensorSource weights = Checkpoint.open(adapterFile)) {
            assertThat(encoder.bundle().manifest().image().preprocessing())
                    .isEqualTo(ImageConfig.siglip(32));
            assertImages(encoder, image, "features_gelu_tanh");
            ReferenceAdapter adapter = new ReferenceAdapter(weights, ADAPTER, 1, false);
            long[] ids = text.longs("input_ids_right");
            int[] lengths = {6, 9, 14, 20};
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < lengths.length; i++) {
                texts.add(TinyTokenizer.text(ids, 20 * i, 20 * i + lengths[i] - 1));
            }
            List<float[]> last = rows(text.floats("last_token_right"), 64);
            assertTexts(encoder, texts, last.stream().map(adapter::apply).toList());
        }
    }

    /** One block of expansion 2, random. */
    private static void writeAdapter(Path file, int features, int dimensions) {
        Random random = new Random(7);
        int inner = 2 * features;
        new SafetensorsWriter()
                .add(ADAPTER + "0.fn.0.weight", random(random, inner * features), inner, features)
                .add(ADAPTER + "0.fn.0.bias", random(random, inner), inner)
                .add(ADAPTER + "0.fn.3.weight", random(random, features * inner), features, inner)
                .add(ADAPTER + "0.fn.3.bias", random(random, features), features)
                .add(ADAPTER + "0.ln.weight", random(random, features), features)
                .add(ADAPTER + "0.ln.bias", random(random, features), features)
                .add(ADAPTER + "1.weight", random(random, features), features)
                .add(ADAPTER + "1.bias", random(random, features), features)
                .add(
                        ADAPTER + "2.weight",
                        random(random, dimensions * features),
                        dimensions,
                        features)
                .add(ADAPTER + "2.bias", random(random, dimensions), dimensions)
                .write(file);
    }

    private static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return values;
    }

    @Test
    void merges_a_low_rank_adapter_into_the_embedder() throws IOException {
        Path llama = llamaFolder();
        assertThat(
                        run(
                                "import",
                                visionFolder().toString(),
                                llama.toString(),
                                GOLDEN.resolve("text/llama_lora").toString(),
                                "--precision",
                                "fp32",
                                "--out",
                                out().toString()))
                .as(err.toString())
                .isZero();
        try (Encoder encoder = open("fp32");
                TensorSource io = golden("text/llama_lora/io.safetensors")) {
            long[] ids = io.longs("input_ids");
            String text = TinyTokenizer.text(ids, 64, 79);
            float[] pooled =
                    encoder.text()
                            .pool(
                                    List.of(encoder.text().tokenize(text, Task.DOCUMENT)),
                                    Width.NARROW)
                            .getFirst();
            float[] expected = rows(io.floats("pooled"), 64).get(3);
            assertThat(Vectors.dot(Vectors.normalise(pooled), Vectors.normalise(expected)))
                    .isGreaterThan(EQUAL);
        }
    }

    @Test
    void refuses_a_checkpoint_with_tensors_that_nobody_reads_and_lists_them() throws IOException {
        Path clip = clipFolder();
        Path weights = clip.resolve("model.safetensors");
        Path more = clip.resolve("more.safetensors");
        try (TensorSource source = Checkpoint.open(weights)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            source.names().forEach(name -> writer.add(name, source));
            writer.add("vision_model.extra.weight", new float[2], 2).write(more);
        }
        Files.move(more, weights, StandardCopyOption.REPLACE_EXISTING);
        assertThat(run("import", clip.toString(), "--out", out().toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("1 of ", "belong to no known part", "vision_model.extra.weight");
        assertThat(out()).doesNotExist();
    }

    @Test
    void leaves_nothing_half_done_and_goes_on_where_it_was() throws IOException {
        Path clip = clipFolder();
        Path tokenizer = clip.resolve("tokenizer.json");
        Path aside = Files.move(tokenizer, folder.resolve("aside.json"));
        Path broken = Files.writeString(folder.resolve("broken.json"), "{}");
        String[] arguments = {"import", clip.toString(), "--out", out().toString(), "--tokenizer"};
        assertThat(run(with(arguments, broken))).isEqualTo(1);
        assertThat(out()).doesNotExist();
        Files.copy(aside, broken, StandardCopyOption.REPLACE_EXISTING);
        err.getBuffer().setLength(0);
        assertThat(run(with(arguments, broken))).as(err.toString()).isZero();
        assertThat(err.toString()).contains("image weights: done before", "text.int8 graph: done");
        try (Stream<Path> left = Files.list(out().getParent())) {
            assertThat(left).containsExactly(out());
        }
        open("auto").close();
    }

    @Test
    void refuses_towers_of_different_spaces() throws IOException {
        assertThat(
                        run(
                                "import",
                                GOLDEN.resolve("image/openai_vit/hf_vision").toString(),
                                llamaFolder().toString(),
                                "--out",
                                out().toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("40", "64", "adapter");
    }

    private static String[] with(String[] arguments, Path last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last.toString();
        return all;
    }

    private static void assertImages(Encoder encoder, TensorSource io, String expected) {
        long[] shape = io.info("pixel_values").shape();
        float[] values = io.floats("pixel_values");
        int side = (int) shape[2];
        int size = 3 * side * side;
        List<Pixels> pixels = new ArrayList<>();
        for (int i = 0; i < shape[0]; i++) {
            float[] one = Arrays.copyOfRange(values, i * size, (i + 1) * size);
            pixels.add(new Pixels(side, side, FloatBuffer.wrap(one)));
        }
        List<float[]> found = encoder.image().embed(pixels, Width.WIDE);
        float[] all = io.floats(expected);
        assertEqual(found, rows(all, all.length / pixels.size()));
    }

    private static void assertTexts(Encoder encoder, List<String> texts, List<float[]> expected) {
        List<float[]> found =
                encoder.text()
                        .embed(
                                texts.stream()
                                        .map(text -> encoder.text().tokenize(text, Task.DOCUMENT))
                                        .toList(),
                                Width.WIDE);
        assertEqual(found, expected.subList(0, found.size()));
    }

    private static void assertEqual(List<float[]> found, List<float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            float[] unit = Vectors.normalise(expected.get(i));
            assertThat(Vectors.dot(found.get(i), unit)).as("row %d", i).isGreaterThan(EQUAL);
        }
    }

    private static List<float[]> rows(float[] values, int width) {
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < values.length; from += width) {
            rows.add(Arrays.copyOfRange(values, from, from + width));
        }
        return rows;
    }

    /**
     * The vision and text towers of the golden CLIP in one folder, as Hugging Face publishes it.
     */
    private Path clipFolder() throws IOException {
        Path clip = Files.createDirectories(folder.resolve("clip"));
        try (TensorSource vision = golden("image/openai_vit/hf_vision");
                TensorSource text = golden("text/clip/hf_text")) {
            SafetensorsWriter writer = new SafetensorsWriter();
            vision.names().forEach(name -> writer.add(name, vision));
            text.names().forEach(name -> writer.add(name, text));
            writer.add("logit_scale", new float[] {2.65926f});
            writer.write(clip.resolve("model.safetensors"));
        }
        Files.writeString(
                clip.resolve("config.json"),
                """
                {"model_type": "clip", "projection_dim": 40,
                 "vision_config": {"hidden_size": 128, "num_attention_heads": 2, "image_size": 32,
                                   "patch_size": 8, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5},
                 "text_config": {"hidden_size": 128, "num_attention_heads": 2, "hidden_act": "quick_gelu",
                                 "max_position_embeddings": 12, "layer_norm_eps": 1e-5}}
                """);
        Files.writeString(
                clip.resolve("preprocessor_config.json"),
                """
                {"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32}, "resample": 3,
                 "image_mean": [0.48145466, 0.4578275, 0.40821073],
                 "image_std": [0.26862954, 0.26130258, 0.27577711]}
                """);
        Files.writeString(clip.resolve("README.md"), "---\nlicense: mit\n---\n# A model\n");
        TinyTokenizer.write(clip, 96, Map.of(94, "<start>", 95, "<end>"), "<start>", "<end>");
        return clip;
    }

    /** Vision tower and adapter as Microsoft releases them. */
    private Path visionFolder() throws IOException {
        Path vision = Files.createDirectories(folder.resolve("vision"));
        Path source = GOLDEN.resolve("adapter/llm2clip");
        Files.copy(
                source.resolve("LLM2CLIP_hf_model.safetensors"),
                vision.resolve("model.safetensors"));
        Files.copy(source.resolve("config.json"), vision.resolve("config.json"));
        return vision;
    }

    private Path llamaFolder() throws IOException {
        Path llama = Files.createDirectories(folder.resolve("llama"));
        Path source = GOLDEN.resolve("text/llama_bidirectional");
        Files.copy(source.resolve("model.safetensors"), llama.resolve("model.safetensors"));
        String config = Files.readString(source.resolve("config_v4.json"));
        Files.writeString(
                llama.resolve("config.json"), config.replace("LlamaModel", "LlamaEncoderModel"));
        TinyTokenizer.write(
                llama,
                96,
                Map.of(
                        91, "<|eot_id|>",
                        92, "<|begin_of_text|>",
                        93, "<|start_header_id|>",
                        94, "user",
                        95, "<|end_header_id|>"),
                "<|begin_of_text|>",
                null);
        return llama;
    }

    private Encoder open(String precision) {
        return Encoder.open(
                out(), new EncoderSettings(new Device.Cpu(), precision, 2, Verification.FULL));
    }

    private Path out() {
        return folder.resolve("models/tiny/1");
    }

    private static TensorSource golden(String name) {
        return Checkpoint.open(GOLDEN.resolve(name));
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(new StringWriter(), true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
