package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.bundle.Space;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bundle that ships with the project: opens whole, and keeps the contract. Fails when the
 * bundle is not there.
 */
class DefaultBundleTest {

    private static final Path FOLDER =
            Path.of(System.getProperty("cospace.root")).resolve("models/mini-multilingual/2");

    private static final int ROUNDS = 50;

    private static final List<String> TEXTS =
            List.of(
                    "a red bicycle",
                    "A photo of a brown dog running on the beach.",
                    "ein rotes Fahrrad",
                    "una bicicleta roja apoyada en la pared de una casa blanca",
                    "красный велосипед",
                    "一辆红色的自行车",
                    "赤い自転車",
                    "दो बच्चे बारिश में छाता साझा करते हैं",
                    "دراجة حمراء",
                    "\uD83D\uDEB2",
                    "x",
                    "The quick brown fox jumps over the lazy dog. ".repeat(30));

    @BeforeAll
    static void requireTheBundle() {
        assertThat(FOLDER.resolve("manifest.json"))
                .as("the default bundle, part of the repository")
                .isRegularFile();
    }

    @Test
    void every_file_is_as_the_manifest_says_and_the_self_test_passes_without_fallback() {
        EncoderSettings all =
                new EncoderSettings(new Device.Cpu(), EncoderSettings.AUTO, 2, Verification.FULL);
        try (Encoder encoder = Encoder.open(FOLDER, all)) {
            for (Modality modality : Modality.values()) {
                assertThat(encoder.state(modality).fallback()).isNull();
            }
            assertThat(Files.exists(FOLDER.resolve("LICENSES"))).isTrue();
        }
    }

    @Test
    void the_space_is_the_one_that_its_files_make() {
        try (Encoder encoder = open("auto")) {
            var manifest = encoder.bundle().manifest();
            assertThat(
                            Space.compute(
                                    manifest.name(),
                                    FOLDER,
                                    manifest.text(),
                                    manifest.image().preprocessing()))
                    .isEqualTo(manifest.space());
        }
    }

    /** Issue 3: the same text alone and inside 50 random batches, cosine at least 0.99999. */
    @ParameterizedTest
    @ValueSource(strings = {"fp32", "int8"})
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void a_text_has_the_same_vector_alone_and_in_fifty_random_batches(
            String precision, TestReporter reporter) {
        try (Encoder encoder = open(precision)) {
            assertThat(encoder.state(Modality.TEXT).precision()).isEqualTo(precision);
            List<TokenizedText> texts =
                    TEXTS.stream()
                            .map(text -> encoder.text().tokenize(text, Task.DOCUMENT))
                            .map(tokens -> encoder.text().truncate(tokens, Side.START))
                            .toList();
            List<float[]> alone =
                    texts.stream()
                            .map(text ->
                                    encoder.text().embed(List.of(text), Width.NARROW).getFirst())
                            .toList();
            double least = 1;
            Random random = new Random(1);
            for (int round = 0; round < ROUNDS; round++) {
                List<Integer> order =
                        new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
                Collections.shuffle(order, random);
                order = order.subList(0, 2 + random.nextInt(5));
                List<float[]> together =
                        encoder.text().embed(order.stream().map(texts::get).toList(), Width.NARROW);
                for (int slot = 0; slot < order.size(); slot++) {
                    least =
                            Math.min(
                                    least,
                                    Vectors.dot(together.get(slot), alone.get(order.get(slot))));
                }
            }
            reporter.publishEntry(precision + ": largest 1 - cosine", String.valueOf(1 - least));
            assertThat(least).isGreaterThanOrEqualTo(0.99999);
        }
    }

    @Nested
    class ItsTextTower extends TextContract {
        @Override
        Encoder open() {
            return DefaultBundleTest.open("auto");
        }
    }

    @Nested
    class ItsImageTower extends ImageContract {
        @Override
        Encoder open() {
            return DefaultBundleTest.open("auto");
        }
    }

    private static Encoder open(String precision) {
        return Encoder.open(
                FOLDER, new EncoderSettings(new Device.Cpu(), precision, 2, Verification.SIZE));
    }
}
