package io.cospace.export.recipe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.SessionSettings;
import io.cospace.encoder.onnx.TextModel;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.encoder.text.Tokenizer;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.ExportException;
import io.cospace.export.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two paths of random weights over the tiny ingredients, which their own graphs without a rotation
 * place; the training module's tests hold such graphs against libtorch.
 */
class TrainedModelTest {
    private static final int SPACE = 6;
    private static final double SHARE = .55;
    private static final int GRID = 4 * 4;
    private static final int POOLED = 12;

    @TempDir static Path folder;

    private static TeacherIngredients read;
    private static Unturned paths;

    @BeforeAll
    static void place() throws IOException {
        Path ingredients = TinyIngredients.write(folder.resolve("ingredients"));
        read = TeacherIngredients.open(ingredients, folder.resolve("work"), line -> {});
        paths = Unturned.of(read);
    }

    @AfterAll
    static void close() {
        read.close();
    }

    @Test
    void the_bundle_has_the_trained_vectors_turned() {
        Path bundle = make("a/tiny/2", paths);

        try (Encoder encoder = Measurements.open(bundle, Draft.FP32)) {
            List<String> texts = read.test().stream().map(Corpus::caption).toList();
            List<float[]> served = Measurements.embed(encoder.text(), texts, new Bulk(1));
            assertThat(encoder.bundle().manifest().dimensions()).isEqualTo(2 * SPACE);
            for (int i = 0; i < texts.size(); i++) {
                Pair pair = read.test().get(i);
                float[] image =
                        encoder.image()
                                .embed(List.of(encoder.image().prepare(pair.image())), Width.NARROW)
                                .getFirst();
                assertThat(Vectors.dot(image, served.get(i)))
                        .isCloseTo(
                                Rows.dot(paths.image(pair), paths.text(texts.get(i))),
                                within(1e-5));
                assertThat(image).as("turned").isNotEqualTo(Rows.toFloats(paths.image(pair)));
            }
        }
    }

    @Test
    void the_record_says_recipe_and_seed() throws IOException {
        Path bundle = make("b/tiny/2", paths);

        RunRecord run =
                ManifestJson.read(
                        "run.json",
                        Files.readAllBytes(bundle.resolve("run.json")),
                        RunRecord.class);
        assertThat(run.seed()).isEqualTo("11");
        assertThat(run.recipe().settings()).containsEntry("class_share", SHARE);
        assertThat(run.metrics()).containsKey("int8.openclipart.image_to_text.recall_at_10");
    }

    @Test
    void the_same_weights_give_the_same_bytes() throws IOException {
        Path once = make("c/tiny/2", paths);
        Path twice = make("d/tiny/2", paths);

        try (Stream<Path> files = Files.list(once)) {
            for (Path file : files.toList()) {
                assertThat(twice.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void weights_that_do_not_give_the_trained_vectors_are_refused_and_nothing_is_left() {
        Unturned other = paths.withHead(99);

        assertThatThrownBy(() -> make("e/tiny/2", other))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("the bundle's image tower is not the trained one")
                .hasMessageContaining("at least 0.99999 is required");
        assertThat(folder.resolve("e/tiny/2")).doesNotExist();
    }

    private static Path make(String out, TrainedModel.Paths paths) {
        return new TrainedModel(read, line -> {})
                .make(
                        new TrainedModel.Request(
                                folder.resolve(out),
                                "2026-11-01T00:00:00Z",
                                "two paths",
                                new TreeMap<>(Map.of("class_share", SHARE)),
                                "11"),
                        paths);
    }

    /**
     * @param images vectors by pair, without a rotation
     * @param texts vectors by text
     * @param headSeed of the image side's weights
     */
    private record Unturned(
            IdentityHashMap<Pair, float[]> images, Map<String, float[]> texts, long headSeed)
            implements TrainedModel.Paths {

        static Unturned of(TeacherIngredients read) throws IOException {
            Path stage = Files.createDirectories(folder.resolve("stage"));
            Ingredients files = read.files();
            Files.copy(files.textWeights(), stage.resolve(Graphs.TEXT_WEIGHTS));
            Files.copy(files.imageWeights(), stage.resolve(Graphs.IMAGE_WEIGHTS));
            Files.copy(files.tokenizer(), stage.resolve("tokenizer.json"));
            Unturned unturned = new Unturned(new IdentityHashMap<>(), new TreeMap<>(), 3);
            unturned.write(
                    stage.resolve(Graphs.ADAPTER_WEIGHTS),
                    stage.resolve(Graphs.HEAD_WEIGHTS),
                    Optional.empty());
            try (Graphs graphs = Graphs.in(stage, files.textConfig())) {
                graphs.writeTrained(SHARE);
            }
            return unturned.placed(read, stage);
        }

        private Unturned placed(TeacherIngredients read, Path stage) {
            List<Pair> pairs = read.sources().pairs();
            List<float[]> seen =
                    new FrozenTowers(
                                    stage,
                                    new VectorCache(Optional.empty()),
                                    new Bulk(1),
                                    line -> {})
                            .probabilities(
                                    pairs.stream().map(Pair::image).toList(),
                                    Settings.preprocessing(),
                                    2 * SPACE);
            for (int i = 0; i < pairs.size(); i++) {
                images.put(pairs.get(i), seen.get(i));
            }
            TextFormat format = Settings.textFormat(96);
            try (Tokenizer tokenizer = Tokenizer.open(stage.resolve("tokenizer.json"), format);
                    TextModel model =
                            TextModel.open(
                                    stage.resolve("text.fp32.onnx"),
                                    TextInputs.PACKED,
                                    2 * SPACE,
                                    new SessionSettings(new Device.Cpu(), 1))) {
                for (String text : read.sources().texts()) {
                    List<TokenizedText> tokens = List.of(tokenizer.tokenize(text, Task.QUERY));
                    texts.put(text, model.embed(tokens, Width.NARROW).getFirst());
                }
            }
            return this;
        }

        Unturned withHead(long seed) {
            return new Unturned(images, texts, seed);
        }

        @Override
        public int dimensions() {
            return 2 * SPACE;
        }

        @Override
        public double share() {
            return SHARE;
        }

        @Override
        public double[] image(Pair pair) {
            return Rows.unit(Rows.ofFloats(probabilities(pair)));
        }

        @Override
        public double[] text(String text) {
            return Rows.unit(Rows.ofFloats(requireNonNull(texts.get(text))));
        }

        @Override
        public float[] probabilities(Pair pair) {
            return requireNonNull(images.get(pair));
        }

        @Override
        public void write(Path adapter, Path head, float[] rotation) {
            write(adapter, head, Optional.of(rotation));
        }

        private void write(Path adapter, Path head, Optional<float[]> rotation) {
            Weights text = new Weights(new Random(5));
            for (String path : List.of("class.", "free.")) {
                String prefix = path + "text.text_adaptor.";
                int in = TinyIngredients.FEATURES;
                text.norm(prefix + "0.ln", in).linear(prefix + "0.fn.0", 2 * in, in);
                text.linear(prefix + "0.fn.3", in, 2 * in).norm(prefix + "1", in);
                text.linear(prefix + "2", SPACE, in);
            }
            text.write(adapter, rotation);
            Weights image = new Weights(new Random(headSeed));
            for (String path : List.of("class.", "free.")) {
                image.add(path + "targets", TinyIngredients.CLASSES, SPACE);
            }
            image.linear("free.residual", SPACE, POOLED + GRID).write(head, rotation);
        }
    }

    /** Random tensors in the making. */
    private record Weights(Random random, SafetensorsWriter writer) {
        Weights(Random random) {
            this(random, new SafetensorsWriter());
        }

        Weights add(String name, long... shape) {
            int count = 1;
            for (long size : shape) {
                count *= (int) size;
            }
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (random.nextGaussian() / 3);
            }
            writer.add(name, values, shape);
            return this;
        }

        Weights linear(String name, int out, int in) {
            return add(name + ".weight", out, in).add(name + ".bias", out);
        }

        Weights norm(String name, int size) {
            return add(name + ".weight", size).add(name + ".bias", size);
        }

        void write(Path file, Optional<float[]> rotation) {
            rotation.ifPresent(matrix -> writer.add("rotation", matrix, 2 * SPACE, 2 * SPACE));
            writer.write(file);
        }
    }
}
