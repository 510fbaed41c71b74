package io.cospace.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.math.OutputTypes;
import io.cospace.encoder.math.Vectors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bundles that {@code cospace import} made of tiny models as they are published, served by the
 * application as it is shipped: what comes through HTTP are the original libraries' vectors.
 */
@Timeout(120)
class ImportedIT {
    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final Path JAR = ROOT.resolve("src/service/target/quarkus-app/quarkus-run.jar");
    private static final Path IMPORTED = ROOT.resolve("src/export/src/test/resources/imported");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final double EQUAL = 0.99999;

    @TempDir private Path folder;
    private int port;

    @ParameterizedTest
    @ValueSource(strings = {"clip", "llm2clip", "siglip2-qwen3"})
    void gives_the_vectors_of_the_original(String name) throws Exception {
        port = freePort();
        int management = freePort();
        Process service = start(IMPORTED.resolve(name).resolve("1"), management);
        try {
            awaitReady(service, management);
            JsonNode info = JSON.readTree(get(port, "/info").body()).at("/models/0");
            assertThat(info.path("model").asText()).isEqualTo(name + "/1");
            assertThat(info.at("/towers/text/precision").asText()).isEqualTo("fp32");
            assertOriginal(JSON.readTree(IMPORTED.resolve(name + "/expected.json").toFile()));
        } finally {
            service.destroy();
            assertThat(service.waitFor(30, TimeUnit.SECONDS)).as("ends when told to").isTrue();
        }
    }

    /** All in one call, and each alone. */
    private void assertOriginal(JsonNode expected) throws Exception {
        ArrayNode inputs = JSON.createArrayNode();
        ArrayNode vectors = JSON.createArrayNode();
        for (String kind : new String[] {"text", "image"}) {
            for (JsonNode one : expected.path(kind + "s")) {
                inputs.addObject().put(kind, one.path(kind).asText());
                vectors.add(one.path("embedding"));
            }
        }
        assertThat(vectors).hasSizeGreaterThan(5);
        assertVectors(inputs, vectors);
        for (int i = 0; i < inputs.size(); i++) {
            assertVectors(
                    JSON.createArrayNode().add(inputs.get(i)),
                    JSON.createArrayNode().add(vectors.get(i)));
        }
    }

    private void assertVectors(ArrayNode inputs, ArrayNode expected) throws Exception {
        ObjectNode call = JSON.createObjectNode().set("inputs", inputs);
        HttpRequest request =
                HttpRequest.newBuilder(uri(port, "/embed"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(call.toString()))
                        .build();
        HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode data = JSON.readTree(answer.body()).path("data");
        assertThat(data).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            float[] original = OutputTypes.fromBase64(expected.get(i).asText());
            float[] served = JSON.treeToValue(data.at("/" + i + "/embedding"), float[].class);
            assertThat(served).hasSameSizeAs(original);
            assertThat(Vectors.dot(served, original)).as("%s", inputs.get(i)).isGreaterThan(EQUAL);
        }
    }

    private Process start(Path bundle, int management) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-Dquarkus.http.host=127.0.0.1",
                                "-Dquarkus.management.host=127.0.0.1",
                                "-Dquarkus.http.port=" + port,
                                "-Dquarkus.management.port=" + management,
                                "-Dcospace.model=" + bundle,
                                "-jar",
                                JAR.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("COSPACE_"));
        return builder.start();
    }

    private void awaitReady(Process process, int management) throws Exception {
        while (true) {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("output.txt")))
                    .isTrue();
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

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(uri(port, path)).build(), BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
