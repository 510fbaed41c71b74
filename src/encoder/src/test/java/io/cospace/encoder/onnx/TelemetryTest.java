package io.cospace.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the runtime leaves behind in an empty home, where nobody has told it to be silent. */
class TelemetryTest {

    @Test
    void the_runtime_collects_nothing(@TempDir Path home) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opening.class.getName());
        builder.environment().put("HOME", home.toString());
        List.of("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME")
                .forEach(builder.environment()::remove);
        Process process = builder.inheritIO().start();

        assertThat(process.waitFor()).isZero();
        try (Stream<Path> left = Files.walk(home)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** Does what every opening of a bundle does first. */
    static final class Opening {
        public static void main(String[] arguments) throws Exception {
            Device device = Devices.resolve(new Device.Auto());
            new SessionSettings(device, 1).toOptions(Width.NARROW).close();
            if (OnnxModel.environment().getVersion().isEmpty()) {
                throw new IllegalStateException("no runtime");
            }
        }
    }
}
