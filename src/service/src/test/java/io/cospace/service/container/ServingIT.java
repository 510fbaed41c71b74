package io.cospace.service.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.command.HealthState;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the image does for those who call, probe and scrape it. */
@Timeout(300)
class ServingIT {

    private static final Path PHOTO =
            Path.of(System.getProperty("cospace.root"))
                    .resolve("src/evaluate/src/test/resources/photos/cat.jpg");

    private static ServedContainer served;

    @BeforeAll
    static void start() {
        ServedContainer.requireDocker();
        served = new ServedContainer();
        served.start();
    }

    @AfterAll
    static void stop() {
        if (served != null) {
            served.stop();
        }
    }

    @Test
    void runs_as_a_number_that_is_not_root_and_may_write_to_tmp_only() throws Exception {
        assertThat(served.inspect().getConfig().getUser()).isEqualTo("10001:10001");
        assertThat(served.inspect().getHostConfig().getReadonlyRootfs()).isTrue();
        assertThat(served.inspect().getMounts()).as("no volume is left behind").isEmpty();
        assertThat(served.getLogs()).doesNotContain("WARN").doesNotContain("ERROR");
    }

    @Test
    void runs_on_its_aot_cache() throws Exception {
        String process = served.execInContainer("/opt/java/bin/jcmd", "1", "VM.info").getStdout();
        assertThat(process).as("a mapping").containsPattern("[0-9a-f]+-[0-9a-f]+ r.*/app/app.aot");
    }

    @Test
    void its_health_check_finds_it_ready() throws Exception {
        HealthState health = served.inspect().getState().getHealth();
        while (!"healthy".equals(health.getStatus())) {
            assertThat(health.getStatus()).isEqualTo("starting");
            Thread.sleep(500);
            health = served.inspect().getState().getHealth();
        }
    }

    @Test
    void embeds_texts_and_images_over_rest() throws Exception {
        HttpResponse<String> texts =
                Http.post(served.api("/embed"), "application/json", json("[\"a cat\", \"Katze\"]"));
        assertThat(texts.statusCode()).as(texts.body()).isEqualTo(200);
        assertThat(texts.body()).contains("\"index\":1");

        HttpResponse<String> image =
                Http.post(served.api("/embed"), "image/jpeg", Files.readAllBytes(PHOTO));
        assertThat(image.statusCode()).as(image.body()).isEqualTo(200);
        assertThat(image.body()).contains("\"images\":1");
    }

    @Test
    void embeds_over_grpc_on_the_same_port() throws Exception {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(served.getHost(), served.api())
                        .usePlaintext()
                        .build();
        try {
            EmbedResponse answer =
                    EmbedderGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                            .embed(
                                    EmbedRequest.newBuilder()
                                            .addInputs(Input.newBuilder().setText("a cat"))
                                            .build());
            assertThat(answer.getItemsList()).hasSize(1);
            assertThat(answer.getItems(0).hasEmbedding()).isTrue();
            assertThat(
                            HealthGrpc.newBlockingStub(channel)
                                    .check(HealthCheckRequest.getDefaultInstance())
                                    .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void refuses_bad_input() throws Exception {
        HttpResponse<String> empty =
                Http.post(served.api("/embed"), "application/json", json("[]"));
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(empty.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        HttpResponse<String> noImage =
                Http.post(served.api("/embed"), "image/jpeg", "no image".getBytes(UTF_8));
        assertThat(noImage.statusCode()).as(noImage.body()).isBetween(400, 422);
    }

    @Test
    void is_scraped_by_prometheus(@TempDir Path folder) throws Exception {
        int port = freePort();
        Path config = folder.resolve("prometheus.yml");
        Files.writeString(
                config,
                """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: cospace
                    metrics_path: /q/metrics
                    static_configs: [{targets: ['%s:%d']}]
                """
                        .formatted(served.getHost(), served.management()));
        Process prometheus;
        try {
            prometheus =
                    new ProcessBuilder(
                                    "prometheus",
                                    "--config.file=" + config,
                                    "--storage.tsdb.path=" + folder.resolve("data"),
                                    "--web.listen-address=127.0.0.1:" + port)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("log").toFile())
                            .start();
        } catch (IOException e) {
            assumeTrue(false, "skipped: Debian's package prometheus is not here: " + e);
            return;
        }
        try {
            for (String series :
                    new String[] {"up", "cospace_queue_seconds", "cospace_model_info"}) {
                awaitSeries(prometheus, port, series, folder.resolve("log"));
            }
        } finally {
            prometheus.destroy();
            assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Waits until the series is there; {@code up} must be 1, too. */
    private static void awaitSeries(Process prometheus, int port, String series, Path log)
            throws Exception {
        String query = series.equals("up") ? "up == 1" : series;
        URI uri =
                URI.create(
                        "http://127.0.0.1:%d/api/v1/query?query=%s"
                                .formatted(port, URLEncoder.encode(query, UTF_8)));
        while (true) {
            assertThat(prometheus.isAlive()).as(Files.readString(log)).isTrue();
            try {
                if (Http.get(uri).body().contains("\"job\":\"cospace\"")) {
                    return;
                }
            } catch (IOException _) {
                // Not listening yet.
            }
            Thread.sleep(200);
        }
    }

    private static byte[] json(String inputs) {
        return "{\"inputs\": %s}".formatted(inputs).getBytes(UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
