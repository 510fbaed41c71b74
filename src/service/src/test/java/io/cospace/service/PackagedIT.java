package io.cospace.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application as it is shipped: started by {@code java -jar}, with no test code near it. */
@Timeout(120)
class PackagedIT {

    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final Path JAR = ROOT.resolve("src/service/target/quarkus-app/quarkus-run.jar");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Names and labels are a contract with dashboards and autoscalers. */
    private static final Set<String> IDLE_SERIES =
            new TreeSet<>(
                    Set.of(
                            "cospace_items_total{modality=\"text\",outcome=\"ok\"} 0.0",
                            "cospace_items_total{modality=\"image\",outcome=\"ok\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"text\",stage=\"prepare\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"text\",stage=\"queue\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"text\",stage=\"run\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"image\",stage=\"prepare\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"image\",stage=\"queue\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"image\",stage=\"run\"} 0.0",
                            "cospace_stage_seconds_count{modality=\"any\",stage=\"encode\"} 0.0",
                            "cospace_batch_items_count{modality=\"text\"} 0.0",
                            "cospace_batch_items_count{modality=\"image\"} 0.0",
                            "cospace_batch_cost_count{modality=\"text\"} 0.0",
                            "cospace_batch_cost_count{modality=\"image\"} 0.0",
                            "cospace_batch_padding_ratio_count{modality=\"text\"} 0.0",
                            "cospace_batch_padding_ratio_count{modality=\"image\"} 0.0",
                            "cospace_queue_items 0.0",
                            "cospace_queue_seconds 0.0",
                            "cospace_saturation 0.0",
                            "cospace_rejected_total{reason=\"overloaded\"} 0.0",
                            "cospace_rejected_total{reason=\"rate-limited\"} 0.0",
                            "cospace_rejected_total{reason=\"draining\"} 0.0",
                            "cospace_rejected_total{reason=\"client-stalled\"} 0.0",
                            "cospace_dropped_total{reason=\"cancelled\"} 0.0",
                            "cospace_dropped_total{reason=\"late\"} 0.0",
                            "cospace_dropped_total{reason=\"drained\"} 0.0",
                            "cospace_truncated_total 0.0",
                            "cospace_cache_total{result=\"hit\"} 0.0",
                            "cospace_cache_total{result=\"shared\"} 0.0",
                            "cospace_cache_total{result=\"miss\"} 0.0"));

    @TempDir private Path folder;

    @Test
    void serves_the_bundle_of_the_repository_unasked() throws Exception {
        int api = freePort();
        int management = freePort();
        Process process =
                start(
                        ROOT,
                        "-Dquarkus.http.port=" + api,
                        "-Dquarkus.management.port=" + management,
                        "-Dcospace.drain.delay=0s");
        try {
            awaitReady(process, management);
            String idle = get(management, "/q/metrics").body();
            assertThat(idle.lines())
                    .containsAll(IDLE_SERIES)
                    .anyMatch(line -> line.startsWith("cospace_native_memory_bytes "))
                    .anyMatch(line ->
                            line.matches(
                                    "cospace_model_info\\{device=.*,name=.*,precision=.*,space=.*,"
                                            + "tower=\"text\",version=.*\\} 1.0"));
            HttpResponse<String> answer = post(api, "{\"inputs\": [\"a cat\", \"eine Katze\"]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body())
                    .startsWith("{\"model\":\"mini-multilingual/")
                    .contains("\"index\":1");
            assertThat(get(api, "/q/openapi").statusCode()).isEqualTo(200);
            assertThat(get(api, "/q/swagger-ui/").statusCode()).isEqualTo(200);
            assertThat(get(management, "/q/metrics").body()).contains("cospace_queue_seconds 0");
            assertThat(RawHttp.get(api, "/%zz"))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends when told to").isTrue();
        }
        assertThat(process.exitValue()).isZero();
        assertThat(output())
                .contains("serving mini-multilingual/")
                .doesNotContain("WARN")
                .doesNotContain("ERROR")
                .doesNotContain("restricted method");
    }

    /**
     * Twelve clients call without a pause, and one has sent half of its call when the signal comes:
     * it holds the drain open, so that refusals can be seen.
     */
    @Test
    void answers_every_call_that_it_lets_in_when_it_is_told_to_end_under_load() throws Exception {
        int api = freePort();
        int management = freePort();
        Process process =
                start(
                        ROOT,
                        "-Dquarkus.http.port=" + api,
                        "-Dquarkus.management.port=" + management,
                        "-Dcospace.drain.delay=500ms");
        byte[] call = Callers.request("a slow client");
        try (Callers callers = new Callers(api, 12)) {
            awaitReady(process, management);
            callers.start();
            callers.awaitAnswers(50);
            Socket slow = Callers.connect(api);
            slow.getOutputStream().write(call, 0, call.length - 10);
            Thread.sleep(200); // its head arrives, and it is let in

            process.destroy();
            while (get(management, "/q/health/ready").statusCode() == 200) {
                Thread.sleep(5);
            }
            assertThat(answer(api).isFull()).as("calls are taken during the delay").isTrue();
            assertThat(get(management, "/q/health/ready").body()).contains("draining");
            Callers.Answer refusal = answer(api);
            while (refusal.isFull()) {
                Thread.sleep(20);
                refusal = answer(api);
            }
            assertThat(refusal.isRefusal()).as(refusal.toString()).isTrue();
            assertThat(get(management, "/q/health/live").statusCode()).isEqualTo(200);

            slow.getOutputStream().write(call, call.length - 10, 10);
            Callers.Answer last = Callers.Answer.read(slow);
            assertThat(last.isFull()).as(last.toString()).isTrue();
            assertThat(last.isLast()).isTrue();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output()).isTrue();
            assertThat(process.exitValue()).isZero();
            callers.finish();
            assertThat(callers.faults()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
        assertThat(output()).contains("left: every call has its answer").doesNotContain("ERROR");
    }

    private static Callers.Answer answer(int port) throws IOException {
        try (Socket socket = Callers.connect(port)) {
            socket.getOutputStream().write(Callers.request("is anybody there"));
            return Callers.Answer.read(socket);
        }
    }

    @Test
    void ends_with_the_message_of_the_check_that_a_broken_bundle_fails() throws Exception {
        Path bundle = Files.createDirectories(folder.resolve("models/broken/1"));
        Files.writeString(bundle.resolve("manifest.json"), "{\"format\": 1}");

        assertThat(exitCode(start(folder))).isEqualTo(1);
        assertThat(output()).contains(bundle.toString()).contains("manifest.json");
        assertNoStackTrace();
    }

    @Test
    void ends_with_what_is_missing_where_there_is_no_bundle() throws Exception {
        assertThat(exitCode(start(folder))).isEqualTo(1);
        assertThat(output())
                .contains("no bundle is below " + folder.resolve("models"))
                .contains("cospace.model");
        assertNoStackTrace();
    }

    @Test
    void ends_with_key_value_and_range_of_a_wrong_value() throws Exception {
        assertThat(exitCode(start(folder, "-Dcospace.limits.inputs=0"))).isEqualTo(1);
        assertThat(output()).contains("cospace.limits.inputs is 0; must be 1 .. 65536");
        assertNoStackTrace();
    }

    @Test
    void ends_with_a_key_that_it_does_not_know() throws Exception {
        assertThat(exitCode(start(folder, "-Dcospace.limits.imputs=5"))).isEqualTo(1);
        assertThat(output()).contains("cospace.limits.imputs");
        assertNoStackTrace();
    }

    @Test
    void ends_with_a_value_that_is_of_another_type() throws Exception {
        assertThat(exitCode(start(folder, "-Dcospace.limits.inputs=many"))).isEqualTo(1);
        assertThat(output()).contains("cospace.limits.inputs").contains("many");
        assertNoStackTrace();
    }

    private Process start(Path workingFolder, String... properties) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.add("-Dquarkus.http.host=127.0.0.1");
        command.add("-Dquarkus.management.host=127.0.0.1");
        command.addAll(List.of(properties));
        command.addAll(List.of("-jar", JAR.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(workingFolder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("COSPACE_"));
        return builder.start();
    }

    private int exitCode(Process process) throws Exception {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private void awaitReady(Process process, int management) throws Exception {
        while (true) {
            assertThat(process.isAlive()).as(output()).isTrue();
            try {
                if (get(management, "/q/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException _) {
                // Not listening yet.
            }
            Thread.sleep(100);
        }
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"));
    }

    private void assertNoStackTrace() throws IOException {
        assertThat(output()).doesNotContain("\tat ").doesNotContain("Exception in thread");
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return CLIENT.send(request(port, path).GET().build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(int port, String json) throws Exception {
        return CLIENT.send(
                request(port, "/embed")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json, UTF_8))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
