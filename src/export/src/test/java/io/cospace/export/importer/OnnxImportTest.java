package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Score;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.Main;
import io.cospace.export.onnx.GraphProto;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class OnnxImportTest {
    private static final String PADDING =
            "{\"strategy\":\"BatchLongest\",\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                    + "\"pad_id\":7,\"pad_type_id\":0,\"pad_token\":\"w7\"}";

    private final ForeignFixture fixture = new ForeignFixture();
    private final StringWriter err = new StringWriter();

    @TempDir private Path folder;

    @Test
    void imports_a_folder_as_browsers_load_it() throws IOException {
        Path onnx = Files.createDirectories(folder.resolve("model/onnx"));
        GraphProto.Builder image = fixture.image();
        ForeignFixture.external(image, onnx.resolve("vision.data"), "vision.data");
        ForeignFixture.write(onnx.resolve("vision_model.onnx"), image);
        ForeignFixture.write(onnx.resolve("text_model.onnx"), fixture.text());
        common(folder.resolve("model"));

        assertThat(run("--logit-scale", "50")).as(err.toString()).isZero();

        try (Encoder encoder = Encoder.open(out(), EncoderSettings.defaults())) {
            Manifest manifest = encoder.bundle().manifest();
            assertThat(manifest.logitScale()).isEqualTo(50);
            assertThat(manifest.score()).isEqualTo(Score.SOFTMAX);
            assertThat(manifest.dimensions()).isEqualTo(ForeignFixture.DIMENSIONS);
            assertThat(manifest.text().maxTokens()).isEqualTo(77);
            assertThat(manifest.files()).containsKeys("image.safetensors", "text.safetensors");
            assertImages(encoder);
            List<float[]> found = embed(encoder, "w5 w17", "w8 w9 w10 w11");
            assertEqual(found.get(0), words(false, 94, 5, 17, 95));
            assertEqual(found.get(1), words(false, 94, 8, 9, 10, 11, 95));
        }
        String model =
                new String(
                        Files.readAllBytes(out().resolve("image.fp32.onnx")),
                        StandardCharsets.ISO_8859_1);
        assertThat(model).doesNotContain("somebody");
    }

    @Test
    void imports_a_folder_as_photo_libraries_keep_it_with_texts_of_one_length() throws IOException {
        Path model = folder.resolve("model");
        ForeignFixture.write(model.resolve("visual/model.onnx"), fixture.image());
        ForeignFixture.write(model.resolve("textual/model.onnx"), fixture.fixedText());
        common(model);
        String tokenizer = Files.readString(model.resolve("tokenizer.json"));
        Files.writeString(
                model.resolve("textual/tokenizer.json"),
                tokenizer.replaceFirst("\\{", "{\"padding\":" + PADDING + ","));
        Files.delete(model.resolve("tokenizer.json"));
        Files.delete(model.resolve("preprocessor_config.json"));
        Files.writeString(
                model.resolve("visual/preprocess_cfg.json"),
                "{\"size\":[8,8],\"interpolation\":\"bicubic\",\"resize_mode\":\"squash\","
                        + "\"mean\":[0.5,0.5,0.5],\"std\":[0.5,0.5,0.5]}");

        assertThat(run()).as(err.toString()).isZero();

        try (Encoder encoder = Encoder.open(out(), EncoderSettings.defaults())) {
            assertThat(encoder.bundle().manifest().image().preprocessing())
                    .isEqualTo(ImageConfig.siglip(ForeignFixture.SIDE));
            assertThat(encoder.text().maxTokens()).isEqualTo(ForeignFixture.LENGTH);
            List<float[]> found = embed(encoder, "w5 w17", "w8 w9 w10 w11");
            assertEqual(found.get(0), words(true, 94, 5, 17, 95, 7, 7, 7, 7, 7, 7, 7, 7));
            assertEqual(found.get(1), words(true, 94, 8, 9, 10, 11, 95, 7, 7, 7, 7, 7, 7));
        }
    }

    @Test
    void refuses_weights_that_lie_outside_of_the_folder() throws IOException {
        Path onnx = Files.createDirectories(folder.resolve("model/onnx"));
        GraphProto.Builder image = fixture.image();
        ForeignFixture.external(image, folder.resolve("secret"), "../../secret");
        ForeignFixture.write(onnx.resolve("vision_model.onnx"), image);
        ForeignFixture.write(onnx.resolve("text_model.onnx"), fixture.text());
        common(folder.resolve("model"));
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).contains("\"../../secret\", which is not beside the model");
        assertThat(out().getParent()).isEmptyDirectory();
    }

    @Test
    void refuses_a_graph_with_an_input_that_nobody_feeds() throws IOException {
        Path onnx = Files.createDirectories(folder.resolve("model/onnx"));
        ForeignFixture.write(onnx.resolve("vision_model.onnx"), fixture.image());
        GraphProto.Builder text = fixture.text();
        text.addInput(text.getInput(0).toBuilder().setName("position_ids"));
        ForeignFixture.write(onnx.resolve("text_model.onnx"), text);
        common(folder.resolve("model"));
        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).contains("position_ids", "input_ids [n, s]");
    }

    private void assertImages(Encoder encoder) {
        Random random = new Random(5);
        int size = 3 * ForeignFixture.SIDE * ForeignFixture.SIDE;
        float[] pixels = new float[size];
        float[] expected = new float[ForeignFixture.DIMENSIONS];
        for (int i = 0; i < size; i++) {
            pixels[i] = (float) random.nextGaussian();
            for (int d = 0; d < expected.length; d++) {
                expected[d] += pixels[i] * fixture.projection[i * expected.length + d];
            }
        }
        Pixels input =
                new Pixels(ForeignFixture.SIDE, ForeignFixture.SIDE, FloatBuffer.wrap(pixels));
        assertEqual(encoder.image().embed(List.of(input, input), Width.NARROW).get(1), expected);
    }

    private float[] words(boolean placed, int... ids) {
        int d = ForeignFixture.DIMENSIONS;
        float[] sum = new float[d];
        for (int place = 0; place < ids.length; place++) {
            for (int i = 0; i < d; i++) {
                float factor = placed ? fixture.positions[place * d + i] : 1;
                sum[i] += factor * fixture.table[ids[place] * d + i];
            }
        }
        return sum;
    }

    private static List<float[]> embed(Encoder encoder, String... texts) {
        List<TokenizedText> tokens =
                List.of(texts).stream()
                        .map(text -> encoder.text().tokenize(text, Task.QUERY))
                        .toList();
        return encoder.text().embed(tokens, Width.NARROW);
    }

    private static void assertEqual(float[] found, float[] expected) {
        assertThat(Vectors.dot(found, Vectors.normalise(expected))).isGreaterThan(0.99999);
    }

    private static void common(Path model) throws IOException {
        Files.createDirectories(model);
        TinyTokenizer.write(
                model,
                ForeignFixture.WORDS,
                Map.of(94, "<start>", 95, "<end>"),
                "<start>",
                "<end>");
        Files.writeString(
                model.resolve("preprocessor_config.json"),
                "{\"size\":{\"height\":8,\"width\":8},\"resample\":3,"
                        + "\"image_mean\":[0.5,0.5,0.5],\"image_std\":[0.5,0.5,0.5]}");
    }

    private Path out() {
        return folder.resolve("models/foreign/1");
    }

    private int run(String... options) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(new StringWriter(), true));
        commandLine.setErr(new PrintWriter(err, true));
        String[] arguments = new String[4 + options.length];
        arguments[0] = "import";
        arguments[1] = folder.resolve("model").toString();
        arguments[2] = "--out";
        arguments[3] = out().toString();
        System.arraycopy(options, 0, arguments, 4, options.length);
        return commandLine.execute(arguments);
    }
}
