package io.cospace.service.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Dockerfiles, compose file and manifests promise about each other. */
class ImageFilesTest {

    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final Path FOLDER = ROOT.resolve("docker");

    @Test
    void the_image_runs_as_the_user_of_the_pod() throws IOException {
        JsonNode context = Manifests.pod().path("securityContext");
        assertThat(instruction("USER"))
                .isEqualTo(context.path("runAsUser") + ":" + context.path("runAsGroup"));
    }

    @Test
    void the_image_names_the_ports_of_the_pod() throws IOException {
        JsonNode ports = Manifests.pod().at("/containers/0/ports");
        String numbers =
                ports.valueStream()
                        .map(port -> port.path("containerPort").asText())
                        .collect(Collectors.joining(" "));
        assertThat(instruction("EXPOSE")).isEqualTo(numbers);
    }

    @Test
    void the_pod_starts_what_the_image_starts() throws IOException {
        JsonNode container = Manifests.pod().at("/containers/0");
        assertThat(container.has("command") || container.has("args")).isFalse();
        assertThat(container.path("image").asText()).isEqualTo("cospace");
        String probe = container.at("/readinessProbe/httpGet/path").asText();
        assertThat(Files.readString(FOLDER.resolve("HealthCheck.java")))
                .contains("GET " + probe + " HTTP");
    }

    @Test
    void only_tmp_can_be_written_to_anywhere() throws IOException {
        JsonNode container = Manifests.pod().at("/containers/0");
        assertThat(container.path("volumeMounts").findValuesAsText("mountPath"))
                .containsExactly("/tmp");
        JsonNode compose = compose();
        assertThat(compose.path("read_only").asBoolean()).isTrue();
        assertThat(compose.path("tmpfs").path(0).asText()).startsWith("/tmp:");
        assertThat(compose.path("tmpfs")).hasSize(1);
        assertThat(compose.at("/cap_drop/0").asText()).isEqualTo("ALL");
    }

    @Test
    void compose_waits_for_a_drain_as_long_as_the_pod() throws IOException {
        assertThat(compose().path("stop_grace_period").asText())
                .isEqualTo(Manifests.pod().path("terminationGracePeriodSeconds") + "s");
        assertThat(instruction("STOPSIGNAL")).isEqualTo("SIGTERM");
    }

    /** No include joins Dockerfiles without BuildKit, so the second is a copy. */
    @Test
    void the_image_for_gpus_differs_in_its_base_its_label_and_its_device() throws IOException {
        List<String> here = instructions("Dockerfile");
        List<String> there = instructions("Dockerfile.gpu");
        here.removeAll(instructions("Dockerfile.gpu"));
        there.removeAll(instructions("Dockerfile"));
        // The bundle by itself is made by one of the two.
        assertThat(here.remove("FROM scratch AS model")).isTrue();
        assertThat(here).hasSize(2);
        assertThat(there).hasSize(3);
        for (List<String> lines : List.of(here, there)) {
            assertThat(lines.get(0)).startsWith("ARG BASE_IMAGE=");
            assertThat(lines.get(1)).startsWith("org.opencontainers.image.description=");
        }
        assertThat(there.get(2)).isEqualTo("ENV COSPACE_MODELS=/models COSPACE_DEVICE=cuda");
    }

    @Test
    void files_have_the_date_of_the_jars() throws IOException {
        Matcher date =
                Pattern.compile("<project.build.outputTimestamp>(.*)</")
                        .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(date.find()).isTrue();
        assertThat(instruction("ARG SOURCE_DATE_EPOCH", "="))
                .isEqualTo(Long.toString(Instant.parse(date.group(1)).getEpochSecond()));
    }

    private static JsonNode compose() throws IOException {
        return Manifests.read(FOLDER.resolve("compose.yaml")).getFirst().at("/services/cospace");
    }

    private static String instruction(String name) throws IOException {
        return instruction(name, " ");
    }

    private static String instruction(String name, String separator) throws IOException {
        List<String> values =
                instructions("Dockerfile").stream()
                        .filter(line -> line.startsWith(name + separator))
                        .toList();
        assertThat(values).hasSize(1);
        return values.getFirst().substring(name.length() + separator.length());
    }

    /** A Dockerfile without its comments and indentation. */
    private static List<String> instructions(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.toList());
    }
}
