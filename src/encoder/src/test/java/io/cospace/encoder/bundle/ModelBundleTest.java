package io.cospace.encoder.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.error.BundleException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelBundleTest {

    private @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void opens_a_good_bundle(Verification verification) {
        Manifest manifest = Bundles.write(folder);

        ModelBundle bundle = ModelBundle.open(folder, verification);

        assertThat(bundle.manifest()).isEqualTo(manifest);
        assertThat(bundle.space()).isEqualTo("tiny-0000000000000000");
        assertThat(bundle.file("text.int8.onnx")).hasContent("content of text.int8.onnx");
    }

    @Test
    void refuses_a_folder_that_does_not_exist() {
        assertFails(
                folder.resolve("none"),
                Verification.FULL,
                "is not a folder; a bundle is a folder with a manifest.json");
    }

    @Test
    void refuses_a_folder_that_is_no_bundle() {
        assertFails(Verification.FULL, "manifest.json: is missing", "is not a model bundle");
    }

    @Test
    void refuses_an_unreadable_manifest() throws IOException {
        Bundles.write(folder);
        Files.write(folder.resolve("manifest.json"), "{\"format\" : 1".getBytes(UTF_8));

        assertFails(Verification.FULL, "manifest.json: is not JSON");
    }

    @Test
    void refuses_a_manifest_of_absurd_size_unread() throws IOException {
        Bundles.write(folder);
        Files.write(folder.resolve("manifest.json"), new byte[16_000_001]);

        assertFails(
                Verification.FULL, "manifest.json: has 16000001 bytes; must be at most 16000000");
    }

    @Test
    void refuses_a_missing_file() throws IOException {
        Bundles.write(folder);
        Files.delete(folder.resolve("tokenizer.json"));

        assertFails(Verification.SIZE, "tokenizer.json: is missing; the manifest lists it");
    }

    @Test
    void refuses_a_folder_in_the_place_of_a_file() throws IOException {
        Bundles.write(folder);
        Files.delete(folder.resolve("tokenizer.json"));
        Files.createDirectory(folder.resolve("tokenizer.json"));

        assertFails(Verification.SIZE, "tokenizer.json: is not a readable file");
    }

    @Test
    void refuses_a_wrong_size_without_reading_the_file() throws IOException {
        Bundles.write(folder);
        Files.writeString(folder.resolve("text.int8.onnx"), "short");

        assertFails(Verification.SIZE, "text.int8.onnx: bytes: expected 25, found 5");
    }

    @Test
    void refuses_a_wrong_checksum_when_all_is_read() throws IOException {
        Bundles.write(folder);
        Files.writeString(folder.resolve("text.int8.onnx"), "Content of text.int8.onnx");

        String expected = Sha256.of("content of text.int8.onnx".getBytes(UTF_8));
        assertFails(Verification.FULL, "text.int8.onnx: sha256: expected " + expected + ", found ");
        assertFails(Verification.AUTO, "text.int8.onnx: sha256: expected " + expected + ", found ");
        assertThatCode(() -> ModelBundle.open(folder, Verification.SIZE))
                .doesNotThrowAnyException();
    }

    @Test
    void checks_all_files_of_one_step_before_the_next() throws IOException {
        Bundles.write(folder);
        Files.writeString(folder.resolve("image.fp32.onnx"), "short");
        Files.delete(folder.resolve("tokenizer.json"));

        assertFails(Verification.FULL, "tokenizer.json: is missing");
    }

    @Test
    void gives_no_file_that_the_manifest_does_not_list() throws IOException {
        Bundles.write(folder);
        Files.writeString(folder.resolve("other"), "x");
        ModelBundle bundle = ModelBundle.open(folder, Verification.FULL);

        assertThat(bundle.has("other")).isFalse();
        assertThatThrownBy(() -> bundle.file("other"))
                .isInstanceOf(BundleException.class)
                .hasMessage("manifest.json: files: other is not listed");
    }

    @Test
    void opens_a_read_only_folder_and_leaves_it_as_it_was() throws IOException {
        Bundles.write(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (var before = Files.list(folder)) {
            long files = before.count();
            ModelBundle.open(folder, Verification.FULL);
            assertThat(folder.toFile().list()).hasSize((int) files);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private void assertFails(Verification verification, String... message) {
        assertFails(folder, verification, message);
    }

    private static void assertFails(Path folder, Verification verification, String... message) {
        assertThatThrownBy(() -> ModelBundle.open(folder, verification))
                .isInstanceOf(BundleException.class)
                .hasMessageContainingAll(message);
    }
}
