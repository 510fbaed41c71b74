package io.cospace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles as volumes show them: behind links. */
class MountedBundleTest {

    @TempDir private Path volume;

    /** Kubernetes: each file is a link into ..data, which is a link to the current folder. */
    @ParameterizedTest
    @ValueSource(strings = {"int8", "fp32"})
    void opens_a_bundle_each_file_of_which_is_a_link(String precision) throws IOException {
        Path hidden = TinyFixture.copy(Files.createDirectory(volume.resolve("..2026_11_28")));
        Files.createSymbolicLink(volume.resolve("..data"), Path.of("..2026_11_28"));
        try (Stream<Path> files = Files.list(hidden)) {
            for (Path file : files.toList()) {
                Path name = file.getFileName();
                Files.createSymbolicLink(volume.resolve(name), Path.of("..data").resolve(name));
            }
        }
        assertServes(volume, precision);
    }

    @Test
    void opens_a_bundle_whose_folder_is_a_link() throws IOException {
        Path hidden = TinyFixture.copy(Files.createDirectory(volume.resolve("store")));
        Path link = Files.createSymbolicLink(volume.resolve("1"), hidden);
        assertServes(link, "int8");
    }

    private static void assertServes(Path folder, String precision) {
        var settings = new EncoderSettings(new Device.Cpu(), precision, 1, Verification.FULL);
        try (Encoder encoder = Encoder.open(folder, settings)) {
            var tokens = encoder.text().tokenize("a cat", Task.DOCUMENT);
            assertThat(encoder.text().embed(List.of(tokens), Width.NARROW).getFirst()).hasSize(32);
        }
    }
}
