package io.cospace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.DeviceException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code cospace doctor} over a fake model; what it finds of this machine is not looked at. */
@Timeout(60)
class DoctorCommandTest {
    /** Whatever precision is asked for. */
    private static final Model.Opener AT_FP32 =
            (folder, s) ->
                    FakeModel.withTargets("null")
                            .open(
                                    folder,
                                    new EncoderSettings(
                                            s.device(), "fp32", s.wideThreads(), s.verify()));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Model.Opener opener, String... arguments) {
        CommandLine line = Main.commandLine(opener);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private Map<String, JsonNode> checks() throws IOException {
        Map<String, JsonNode> checks = new HashMap<>();
        JsonMapper.builder()
                .build()
                .readTree(out.toString())
                .get("checks")
                .forEach(check -> checks.put(check.get("name").asText(), check));
        return checks;
    }

    private static JsonNode check(Map<String, JsonNode> checks, String name) {
        return Objects.requireNonNull(checks.get(name), name);
    }

    @Test
    void looks_at_everything_once() throws IOException {
        assertThat(run(AT_FP32, "doctor", "B", "--seconds", "1", "--json")).isZero();
        Map<String, JsonNode> checks = checks();
        assertThat(checks)
                .containsOnlyKeys(
                        "java",
                        "processor",
                        "memory",
                        "runtime",
                        "bundle",
                        "device",
                        "speed, short texts",
                        "speed, mixed texts",
                        "speed, images (BMP 640 x 480)",
                        "memory in use",
                        "parity");
        assertThat(check(checks, "bundle").get("detail").asText()).startsWith("fake/1");
        assertThat(check(checks, "device").get("detail").asText())
                .isEqualTo("text fp32 on cpu, image fp32 on cpu");
        assertThat(check(checks, "parity").get("detail").asText())
                .isEqualTo("least cosine to fp32 on cpu: texts 1.00000, image 1.00000");
    }

    /** The fake's vectors at int8 are turned further than a precision may turn them. */
    @Test
    void vectors_that_differ_from_the_processors_fail() throws IOException {
        String[] arguments = {"doctor", "B", "--seconds", "1", "--json"};
        assertThat(run(FakeModel.withTargets("null"), arguments)).isEqualTo(1);
        JsonNode parity = check(checks(), "parity");
        assertThat(parity.get("level").asText()).isEqualTo("failed");
        assertThat(parity.get("detail").asText()).contains("must be .98 or more");
    }

    @Test
    void a_device_that_cannot_be_had_fails_with_what_is_missing() throws IOException {
        Model.Opener opener =
                (_, settings) -> {
                    throw new DeviceException(settings.device() + " cannot be used: no provider");
                };
        assertThat(run(opener, "doctor", "B", "--device", "cuda", "--json")).isEqualTo(1);
        JsonNode device = check(checks(), "device");
        assertThat(device.get("level").asText()).isEqualTo("failed");
        assertThat(device.get("detail").asText()).startsWith("cuda:0 cannot be used: no provider");
    }

    @Test
    void a_bundle_that_fails_its_self_test_fails() {
        Model.Opener opener =
                (_, _) -> {
                    throw new BundleException("self-test.json", "text 3 has cosine 0.5");
                };
        assertThat(run(opener, "doctor", "B")).isEqualTo(1);
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("failed +bundle +.*text 3 has cosine 0\\.5"))
                .contains("Not fit: see the lines marked failed.");
    }

    @Test
    void wrong_values_are_named() {
        assertThat(run(FakeModel.withTargets("null"), "doctor", "B", "--seconds", "0"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("--seconds is 0; must be 1..600");
        assertThat(run(FakeModel.withTargets("null"), "doctor", "B", "--device", "tpu"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("device is 'tpu'; must be auto, cpu, cuda or cuda:N");
        assertThat(run(FakeModel.withTargets("null"), "simulate", "--hours", "25")).isEqualTo(1);
        assertThat(err.toString()).contains("hours 25");
    }

    @Test
    void simulate_prints_a_line_for_each_autoscaler() {
        String[] arguments = {"simulate", "--chosen", "--hours", "1"};
        assertThat(run(FakeModel.withTargets("null"), arguments)).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("policy"))
                .anyMatch(line -> line.startsWith("KEDA, the same targets"));
    }
}
