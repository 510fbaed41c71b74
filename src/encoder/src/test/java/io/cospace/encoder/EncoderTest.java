package io.cospace.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a bundle, step by step, and what each failed step says. */
class EncoderTest {

    private @TempDir Path folder;

    @BeforeEach
    void copyBundle() {
        TinyFixture.copy(folder);
    }

    @Test
    void opens_with_the_bundles_own_precisions() {
        try (Encoder encoder = open("auto")) {
            assertThat(encoder.state(Modality.TEXT))
                    .isEqualTo(new TowerState(Modality.TEXT, new Device.Cpu(), "int8", null));
            assertThat(encoder.state(Modality.IMAGE))
                    .isEqualTo(new TowerState(Modality.IMAGE, new Device.Cpu(), "fp32", null));
            assertThat(encoder.bundle().manifest().id()).isEqualTo("tiny/1");
            assertThat(encoder.text().maxTokens()).isEqualTo(32);
        }
    }

    @Test
    void a_tower_without_the_precision_asked_for_takes_its_own() {
        try (Encoder encoder = open("int8")) {
            assertThat(encoder.state(Modality.TEXT).precision()).isEqualTo("int8");
            assertThat(encoder.state(Modality.IMAGE).precision()).isEqualTo("fp32");
        }
    }

    @Test
    void a_precision_that_no_tower_has_is_refused() {
        assertFails(
                "int4", "manifest.json: precision is int4; must be auto or one of [fp32, int8]");
    }

    @Test
    void both_precisions_of_a_text_agree_as_the_manifest_says() {
        try (Encoder exact = open("fp32");
                Encoder int8 = open("int8")) {
            float[] a = embed(exact, "a photo of a black cat");
            float[] b = embed(int8, "a photo of a black cat");
            assertThat(Vectors.dot(a, b)).isBetween(0.99, 0.999999);
        }
    }

    @Test
    void prepares_and_embeds_an_image_file() throws IOException {
        byte[] json = Files.readAllBytes(folder.resolve("self-test.json"));
        SelfTest test = ManifestJson.read("self-test.json", json, SelfTest.class);
        try (Encoder encoder = open("auto")) {
            var pixels = encoder.image().prepare(test.images().getFirst().bytes());
            assertThat(encoder.image().embed(List.of(pixels), Width.NARROW)).hasSize(1);
            assertThatThrownBy(() -> encoder.image().prepare("no image".getBytes(UTF_8)))
                    .isInstanceOf(ImageException.class);
        }
    }

    @Test
    void image_limits_of_the_settings_hold() {
        EncoderSettings strict =
                new EncoderSettings(
                        new Device.Cpu(),
                        "auto",
                        1,
                        Verification.FULL,
                        new ImageLimits(10, 10, 10),
                        0);

        assertThatThrownBy(() -> Encoder.open(folder, strict))
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith("self-test.json: image tower at fp32: ");
    }

    @Test
    void refuses_a_graph_that_is_no_onnx_file() {
        TinyFixture.overwrite(folder, "text.int8.onnx", "not a graph".getBytes(UTF_8));

        assertFails("auto", "text.int8.onnx: cannot be loaded: ");
    }

    @Test
    void refuses_a_graph_whose_weights_are_cut_short() throws IOException {
        byte[] weights = Files.readAllBytes(folder.resolve("text.safetensors"));
        TinyFixture.overwrite(
                folder, "text.safetensors", Arrays.copyOf(weights, weights.length / 2));

        assertFails("auto", "text.int8.onnx: cannot be loaded: ");
    }

    @Test
    void refuses_a_graph_of_another_rank() {
        TinyFixture.edit(folder, "manifest.json", json -> json.replace("\"packed\"", "\"padded\""));

        assertFails(
                "auto",
                "text.int8.onnx: input input_ids: expected INT64 [open, open], found INT64 [open]");
    }

    @Test
    void refuses_a_graph_with_inputs_of_another_name() throws IOException {
        TinyFixture.overwrite(
                folder, "image.fp32.onnx", Files.readAllBytes(folder.resolve("adapter.onnx")));

        assertFails("auto", "image.fp32.onnx: inputs: expected [pixels], found [pooled]");
    }

    @Test
    void refuses_a_graph_of_another_dimension() {
        TinyFixture.edit(
                folder,
                "manifest.json",
                json -> json.replace("\"dimensions\" : 32", "\"dimensions\" : 33"));

        assertFails(
                "auto",
                "image.fp32.onnx: output embedding: expected FLOAT [open, 33], found FLOAT [open, 32]");
    }

    @Test
    void a_wrong_checksum_of_a_large_file_is_found_though_it_would_open() throws IOException {
        byte[] tokenizer = enlargedTokenizer();
        tokenizer[tokenizer.length - 1] = '\n';
        Files.write(folder.resolve("tokenizer.json"), tokenizer);

        assertFails("auto", "tokenizer.json: sha256: expected ");
    }

    @Test
    void a_wrong_checksum_of_a_large_file_is_named_before_what_follows_from_it()
            throws IOException {
        byte[] tokenizer = enlargedTokenizer();
        tokenizer[0] = '!';
        Files.write(folder.resolve("tokenizer.json"), tokenizer);

        assertFails("auto", "tokenizer.json: sha256: expected ");
    }

    /** Large enough that its checksum is made while it is opened. */
    private byte[] enlargedTokenizer() throws IOException {
        byte[] small = Files.readAllBytes(folder.resolve("tokenizer.json"));
        byte[] large = Arrays.copyOf(small, small.length + 1_000_000);
        Arrays.fill(large, small.length, large.length, (byte) ' ');
        TinyFixture.overwrite(folder, "tokenizer.json", large);
        open("auto").close();
        return large;
    }

    @Test
    void refuses_a_file_that_is_no_tokenizer() {
        TinyFixture.overwrite(folder, "tokenizer.json", "{}".getBytes(UTF_8));

        assertFails("auto", "tokenizer.json: is not a tokenizer: ");
    }

    @Test
    void refuses_a_self_test_with_a_missing_key() {
        TinyFixture.edit(
                folder, "self-test.json", json -> json.replace("\"rankings\"", "\"ranking\""));

        assertFails("auto", "self-test.json: rank");
    }

    @Test
    void refuses_a_self_test_of_another_dimension() {
        TinyFixture.edit(
                folder,
                "self-test.json",
                json ->
                        json.replaceFirst(
                                "\"embedding\" : \"[^\"]+\"", "\"embedding\" : \"AACAPw==\""));

        assertFails("auto", "self-test.json: dimensions of an embedding: expected 32, found 1");
    }

    @Test
    void fails_when_a_vector_is_not_the_one_on_record() {
        String swapped = "a blue circle";
        TinyFixture.edit(folder, "self-test.json", json -> json.replace("a red circle", swapped));

        assertFails(
                "fp32",
                "self-test.json: text 0 at fp32: expected a cosine of at least 0.9999 to the vector on record, found 0.");
    }

    @Test
    void fails_when_the_ranking_is_another() {
        TinyFixture.edit(folder, "self-test.json", json -> json.replaceFirst("2,\\s+0,", "0, 2,"));

        assertFails(
                "auto",
                "self-test.json: ranking of image 0: expected text 0 before text 2, found cosines ");
    }

    @Test
    void fails_when_the_self_test_does_not_know_the_precision() {
        TinyFixture.edit(folder, "self-test.json", json -> json.replace("\"int8\"", "\"int4\""));

        assertFails("int8", "self-test.json: min_cosine has no int8 for the text tower");
    }

    @Test
    void an_int8_tower_that_fails_falls_back_to_fp32_when_the_choice_is_the_bundles_and_says_so() {
        demandTheImpossibleOfInt8();

        try (Encoder encoder = open("auto")) {
            TowerState state = encoder.state(Modality.TEXT);
            assertThat(state.precision()).isEqualTo("fp32");
            assertThat(state.fallback())
                    .startsWith("text 0 at int8: expected a cosine of at least 1.1 ");
            assertThat(encoder.state(Modality.IMAGE).fallback()).isNull();
        }
    }

    @Test
    void an_int8_tower_that_fails_is_an_error_when_int8_was_asked_for() {
        demandTheImpossibleOfInt8();

        assertFails("int8", "self-test.json: text 0 at int8: expected a cosine of at least 1.1 ");
    }

    @Test
    void opens_a_read_only_folder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
            }
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (Encoder encoder = open("auto")) {
            assertThat(embed(encoder, "cat")).hasSize(32);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void a_cuda_device_without_its_provider_is_refused_with_what_is_missing() {
        EncoderSettings cuda =
                new EncoderSettings(Device.parse("cuda:1"), "auto", 1, Verification.FULL);

        assertThatThrownBy(() -> Encoder.open(folder, cuda))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith(
                        "cuda:1 cannot be used: this build of ONNX Runtime has no CUDA provider");
    }

    @Test
    void calls_after_close_are_errors_and_closing_twice_is_none() {
        Encoder encoder = open("auto");
        var tokens = encoder.text().tokenize("cat", Task.QUERY);
        encoder.close();
        encoder.close();

        assertThatThrownBy(() -> encoder.text().embed(List.of(tokens), Width.NARROW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("encoder is closed");
        assertThatThrownBy(() -> encoder.text().tokenize("cat", Task.QUERY))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> encoder.image().embed(List.of(), Width.NARROW))
                .isInstanceOf(IllegalStateException.class);
    }

    /** No cosine reaches 1.1. */
    private void demandTheImpossibleOfInt8() {
        TinyFixture.edit(
                folder,
                "self-test.json",
                json -> json.replace("\"int8\" : 0.98", "\"int8\" : 1.1"));
    }

    private Encoder open(String precision) {
        return Encoder.open(
                folder, new EncoderSettings(new Device.Cpu(), precision, 2, Verification.FULL));
    }

    private void assertFails(String precision, String message) {
        assertThatThrownBy(() -> open(precision).close())
                .isInstanceOf(BundleException.class)
                .hasMessageStartingWith(message);
    }

    private static float[] embed(Encoder encoder, String text) {
        return encoder.text()
                .embed(List.of(encoder.text().tokenize(text, Task.QUERY)), Width.NARROW)
                .getFirst();
    }
}
