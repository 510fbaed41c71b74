package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine;

/**
 * Tiny models as they are published, the command that imports them, and the encoder that opens
 * them.
 */
final class ImportHarness {
    static final Path GOLDEN =
            Path.of(System.getProperty("cospace.root"), "src/export/src/test/resources/golden");
    static final String ADAPTER = "text.text_adaptor.";
    private static final double EQUAL = 0.99999;

    private final Path folder;
    private final StringWriter err = new StringWriter();

    ImportHarness(Path folder) {
        this.folder = folder;
    }

    /** What the command told people since the last call of this. */
    String told() {
        String text = err.toString();
        err.getBuffer().setLength(0);
        return text;
    }

    int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(new StringWriter(), true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    Path out() {
        return folder.resolve("models/tiny/1");
    }

    Encoder open(String precision) {
        return Encoder.open(
                out(), new EncoderSettings(new Device.Cpu(), precision, 2, Verification.FULL));
    }

    static TensorSource golden(String name) {
        return Checkpoint.open(GOLDEN.resolve(name));
    }

    /** Vision and text tower of the golden CLIP in one folder, as Hugging Face publishes it. */
    Path clipFolder() throws IOException {
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

    Path llamaFolder() throws IOException {
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

    Path qwenFolder() throws IOException {
        Path qwen = Files.createDirectories(folder.resolve("qwen"));
        for (String file : List.of("model.safetensors", "config.json")) {
            Files.copy(GOLDEN.resolve("text/qwen3").resolve(file), qwen.resolve(file));
        }
        TinyTokenizer.write(qwen, 96, Map.of(3, "<|endoftext|>"), null, "<|endoftext|>");
        return qwen;
    }

    /** Vision tower and adapter as Microsoft releases them. */
    Path visionFolder() throws IOException {
        Path vision = Files.createDirectories(folder.resolve("vision"));
        Path source = GOLDEN.resolve("adapter/llm2clip");
        Files.copy(
                source.resolve("LLM2CLIP_hf_model.safetensors"),
                vision.resolve("model.safetensors"));
        Files.copy(source.resolve("config.json"), vision.resolve("config.json"));
        return vision;
    }

    /** One block of expansion 2, random. */
    static void writeAdapter(Path file, int features, int dimensions) {
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

    static float[] random(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return values;
    }

    static List<float[]> rows(float[] values, int width) {
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < values.length; from += width) {
            rows.add(Arrays.copyOfRange(values, from, from + width));
        }
        return rows;
    }

    static void assertImages(Encoder encoder, TensorSource io, String expected) {
        assertImages(encoder, io, "pixel_values", expected);
    }

    static void assertImages(Encoder encoder, TensorSource io, String given, String expected) {
        long[] shape = io.info(given).shape();
        float[] values = io.floats(given);
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

    static void assertTexts(Encoder encoder, List<String> texts, List<float[]> expected) {
        List<float[]> found =
                encoder.text()
                        .embed(
                                texts.stream()
                                        .map(text -> encoder.text().tokenize(text, Task.DOCUMENT))
                                        .toList(),
                                Width.WIDE);
        assertEqual(found, expected.subList(0, found.size()));
    }

    static void assertEqual(List<float[]> found, List<float[]> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            float[] unit = Vectors.normalise(expected.get(i));
            assertThat(Vectors.dot(found.get(i), unit)).as("row %d", i).isGreaterThan(EQUAL);
        }
    }
}
