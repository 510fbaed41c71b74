package io.cospace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.FileEntry;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.encoder.text.TextFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleWriterTest {
    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

    /** SHA-256 of "abc" (FIPS 180-2, appendix B.1). */
    private static final String ABC_SHA256 =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path models;

    @Test
    void publishes_the_files_with_size_and_checksum() throws IOException {
        Path target = models.resolve("tiny/1");
        try (BundleWriter writer = BundleWriter.create(target)) {
            fill(writer);

            assertThat(writer.publish(manifest("tiny", "1", writer.files()))).isEqualTo(target);
        }

        assertThat(target.resolve("LICENSES")).hasBinaryContent(ABC);
        assertThat(target.resolve("manifest.json"))
                .content()
                .contains(ABC_SHA256)
                .contains("\"bytes\" : 3");
        assertThat(namesIn(target))
                .containsExactly(
                        "LICENSES",
                        "image.fp32.onnx",
                        "manifest.json",
                        "self-test.json",
                        "text.fp32.onnx",
                        "tokenizer.json");
        assertThat(namesIn(models.resolve("tiny"))).containsExactly("1");
    }

    @Test
    void the_target_is_not_there_before_it_is_whole() throws IOException {
        try (BundleWriter writer = BundleWriter.create(models.resolve("tiny/1"))) {
            fill(writer);

            assertThat(models.resolve("tiny/1")).doesNotExist();
        }
        assertThat(namesIn(models.resolve("tiny"))).isEmpty();
    }

    @Test
    void copies_are_byte_for_byte() throws IOException {
        Path source = Files.write(models.resolve("source"), ABC);
        try (BundleWriter writer = BundleWriter.create(models.resolve("tiny/1"))) {
            writer.copy(source, "text.safetensors");

            assertThat(writer.files())
                    .containsExactly(Map.entry("text.safetensors", new FileEntry(ABC_SHA256, 3)));
        }
    }

    @Test
    void the_same_content_gives_the_same_bytes() throws IOException {
        for (String version : List.of("a/tiny/1", "b/tiny/1")) {
            try (BundleWriter writer = BundleWriter.create(models.resolve(version))) {
                fill(writer);
                writer.publish(manifest("tiny", "1", writer.files()));
            }
        }

        assertThat(models.resolve("a/tiny/1/manifest.json"))
                .hasSameBinaryContentAs(models.resolve("b/tiny/1/manifest.json"));
    }

    @Test
    void a_bundle_can_be_read_by_whom_its_parent_can() throws IOException {
        Path target = models.resolve("tiny/1");
        try (BundleWriter writer = BundleWriter.create(target)) {
            fill(writer);
            writer.publish(manifest("tiny", "1", writer.files()));
        }

        assertThat(Files.getPosixFilePermissions(target))
                .isEqualTo(Files.getPosixFilePermissions(models.resolve("tiny")));
    }

    @Test
    void refuses_a_folder_that_exists() throws IOException {
        Path target = Files.createDirectories(models.resolve("tiny/1"));

        assertThatThrownBy(() -> BundleWriter.create(target))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("tiny/1 exists; a bundle is never overwritten");
    }

    @Test
    void never_replaces_a_bundle_that_appeared_meanwhile() throws IOException {
        Path target = models.resolve("tiny/1");
        try (BundleWriter writer = BundleWriter.create(target)) {
            fill(writer);
            Files.createDirectories(target);
            Files.write(target.resolve("other"), ABC);

            assertThatThrownBy(() -> writer.publish(manifest("tiny", "1", writer.files())))
                    .isInstanceOf(ExportException.class)
                    .hasMessageContaining("does it exist?");
        }
        assertThat(namesIn(target)).containsExactly("other");
        assertThat(namesIn(models.resolve("tiny"))).containsExactly("1");
    }

    @Test
    void refuses_a_manifest_that_does_not_list_a_file() {
        try (BundleWriter writer = BundleWriter.create(models.resolve("tiny/1"))) {
            fill(writer);
            SortedMap<String, FileEntry> files = writer.files();
            files.remove("LICENSES");

            assertThatThrownBy(() -> writer.publish(manifest("tiny", "1", files)))
                    .isInstanceOf(ExportException.class)
                    .hasMessageStartingWith(
                            "manifest: files.LICENSES is null; the bundle has FileEntry");
        }
    }

    @Test
    void refuses_a_manifest_that_lists_a_file_too_many() {
        try (BundleWriter writer = BundleWriter.create(models.resolve("tiny/1"))) {
            fill(writer);
            SortedMap<String, FileEntry> files = writer.files();
            files.put("more", new FileEntry(ABC_SHA256, 3));

            assertThatThrownBy(() -> writer.publish(manifest("tiny", "1", files)))
                    .hasMessageEndingWith("the bundle has null");
        }
    }

    @Test
    void refuses_a_manifest_of_another_name_or_version() {
        try (BundleWriter writer = BundleWriter.create(models.resolve("tiny/1"))) {
            fill(writer);
            assertThatThrownBy(() -> writer.publish(manifest("small", "1", writer.files())))
                    .hasMessage("manifest: name is small; the bundle has tiny");
            assertThatThrownBy(() -> writer.publish(manifest("tiny", "2", writer.files())))
                    .hasMessage("manifest: version is 2; the bundle has 1");
        }
    }

    /** Every file that a manifest must list, and one more. */
    private static void fill(BundleWriter writer) {
        for (String file :
                List.of(
                        "LICENSES",
                        "image.fp32.onnx",
                        "self-test.json",
                        "text.fp32.onnx",
                        "tokenizer.json")) {
            writer.write(file, ABC);
        }
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    private static Manifest manifest(
            String name, String version, SortedMap<String, FileEntry> files) {
        Preprocessing preprocessing =
                new Preprocessing(
                        8,
                        Preprocessing.Resize.SQUASH,
                        8,
                        Preprocessing.Interpolation.BICUBIC,
                        1,
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0),
                        List.of(255, 255, 255));
        Manifest.Tower image = tower("image.fp32.onnx", null);
        Manifest.Tower text = tower("text.fp32.onnx", Manifest.TextInputs.PACKED);
        return new Manifest(
                Manifest.FORMAT,
                name,
                version,
                name + "-0000000000000000",
                4,
                List.of(),
                Manifest.Score.SOFTMAX,
                20,
                0,
                new Manifest.Image(preprocessing),
                new TextFormat(16, TextFormat.Pooling.MEAN, new TextFormat.Prompts("", ""), null),
                new Manifest.Precisions(image, text),
                null,
                null,
                files,
                "MIT",
                "2026-11-01T00:00:00Z");
    }

    private static Manifest.Tower tower(String file, Manifest.@Nullable TextInputs inputs) {
        return new Manifest.Tower(
                new TreeMap<>(Map.of("cpu", "fp32")),
                new TreeMap<>(Map.of("fp32", new Manifest.Graph(file, inputs, null, null))));
    }
}
