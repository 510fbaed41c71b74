package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URL;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Versions of the bundle of random weights that are opened, switched to and closed while calls
 * come: version 2 is version 1 at another precision, version 3 says that it has another space.
 */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // injected, or set before each test
@Timeout(120)
class VersionSwitchTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FIRST = Path.of(System.getProperty("cospace.model"));
    private static final String CALL = "{\"inputs\": \"ein Haus am See\"%s}";

    @TempDir private static Path folder;

    @TestHTTPResource("/")
    private URL apiUrl;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    private ApiClient api;
    private ApiClient operator;

    @BeforeEach
    void await_ready() throws InterruptedException {
        api = new ApiClient("http://localhost:" + apiUrl.getPort());
        operator = new ApiClient("http://localhost:" + managementUrl.getPort());
        while (operator.get("/q/health/ready").statusCode() != 200) {
            Thread.sleep(50);
        }
    }

    @Test
    void switches_versions_under_load_without_a_failed_call() throws Exception {
        Path second = bundle("2", "\"cpu\" : \"int8\"", "\"cpu\" : \"fp32\"");
        Path third = bundle("3", "tiny-40f5bba080f8533e", "tiny-0000000000000000");
        try (Load load = new Load(4)) {
            load.awaitAnswers("tiny/1");
            assertThat(open(second)).isEqualTo("tiny/2 tiny-40f5bba080f8533e default");
            load.awaitAnswers("tiny/2");
            assertThat(roles()).containsExactly("tiny/2 default", "tiny/1 previous");
            assertThat(model("tiny/1")).isEqualTo("tiny/1 tiny-40f5bba080f8533e");

            assertThat(makeDefault("1")).isEqualTo("tiny/1 tiny-40f5bba080f8533e default");
            load.awaitAnswers("tiny/1");

            assertThat(open(third)).isEqualTo("tiny/3 tiny-0000000000000000 beside");
            assertThat(model("tiny/3")).isEqualTo("tiny/3 tiny-0000000000000000");
            assertThat(model("tiny")).isEqualTo("tiny/1 tiny-40f5bba080f8533e");

            assertThat(makeDefault("3")).isEqualTo("tiny/3 tiny-0000000000000000 default");
            load.awaitAnswers("tiny/3");
            awaitRoles("tiny/3 default", "tiny/1 previous"); // 2 is closed
            assertThat(status("/embed", CALL.formatted(", \"model\": \"tiny/2\""))).isEqualTo(404);

            assertThat(makeDefault("1")).startsWith("tiny/1 ");
            // Calls of many lines have given their version back, whichever way they ended.
            for (String end : new String[] {"", "\n{\"text\": \"a\"}", "\nno JSON"}) {
                String lines = "{\"model\": \"tiny/3\"}" + end;
                assertThat(
                                api.post("/embed", "application/x-ndjson", lines.getBytes(UTF_8))
                                        .statusCode())
                        .isEqualTo(200);
            }
            assertThat(delete("tiny/3").statusCode()).isEqualTo(202);
            awaitRoles("tiny/1 default");
            load.awaitAnswers("tiny/1");
            load.stop();

            assertThat(load.faults).isEmpty();
            assertThat(load.vectors.keySet())
                    .containsExactlyInAnyOrder("tiny/1", "tiny/2", "tiny/3");
            assertThat(load.vectors.get("tiny/1")).isNotEqualTo(load.vectors.get("tiny/2"));
        }
        String metrics = operator.get("/q/metrics").body();
        assertThat(metrics).contains("version=\"1\"").doesNotContain("version=\"2\"");
    }

    @Test
    void refuses_what_does_not_go() throws Exception {
        assertProblem(
                post("{\"path\": \"/no/such/folder\"}"), 422, "Unprocessable Content", "/no/such");
        Path broken = bundle("4", "\"dimensions\" : 32", "\"dimensions\" : 33");
        assertProblem(
                post("{\"path\": \"%s\"}".formatted(broken)), 422, "Unprocessable Content", "");
        assertProblem(post("{\"path\": \"%s\"}".formatted(FIRST)), 409, "Conflict", "open already");
        assertProblem(post("{\"folder\": \"x\"}"), 400, "invalid-request", "is unknown");
        assertProblem(post("{}"), 400, "invalid-request", "is missing");
        assertProblem(delete("tiny/1"), 409, "Conflict", "name no model");
        assertProblem(delete("tiny/9"), 404, "model-unknown", "tiny/9");
        assertProblem(
                put("/models/tiny/default", "{\"version\": \"9\"}"), 404, "model-unknown", "");
        assertProblem(put("/models/default", "{\"name\": \"other\"}"), 404, "model-unknown", "");
        assertThat(put("/models/default", "{\"name\": \"tiny\"}").statusCode()).isEqualTo(200);
        assertThat(roles()).containsExactly("tiny/1 default");
        assertThat(model("tiny")).startsWith("tiny/1 ");
        assertThat(api.get("/models").statusCode()).as("on the port of the API").isEqualTo(404);
    }

    private static void assertProblem(
            HttpResponse<String> answer, int status, String type, String detail) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(type).contains(detail);
    }

    // ---- the operator

    /** A copy of the first version with another manifest. */
    private static Path bundle(String version, String old, String changed) throws IOException {
        Path bundle = Files.createDirectories(folder.resolve("tiny").resolve(version));
        try (Stream<Path> files = Files.list(FIRST)) {
            for (Path file : files.toList()) {
                Files.copy(file, bundle.resolve(file.getFileName()));
            }
        }
        Path manifest = bundle.resolve("manifest.json");
        String json = Files.readString(manifest);
        assertThat(json).contains(old);
        Files.writeString(
                manifest,
                json.replace(old, changed)
                        .replace("\"version\" : \"1\"", "\"version\" : \"%s\"".formatted(version)));
        return bundle;
    }

    private String open(Path bundle) throws IOException {
        HttpResponse<String> answer = post("{\"path\": \"%s\"}".formatted(bundle));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return described(answer);
    }

    private String makeDefault(String version) throws IOException {
        HttpResponse<String> answer =
                put("/models/tiny/default", "{\"version\": \"%s\"}".formatted(version));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return described(answer);
    }

    private static String described(HttpResponse<String> answer) throws IOException {
        JsonNode json = JSON.readTree(answer.body());
        return "%s %s %s"
                .formatted(
                        json.path("model").asText(),
                        json.path("space").asText(),
                        json.path("role").asText());
    }

    private List<String> roles() throws IOException {
        List<String> roles = new ArrayList<>();
        for (JsonNode model : JSON.readTree(operator.get("/models").body()).path("models")) {
            roles.add(model.path("model").asText() + " " + model.path("role").asText());
        }
        return roles;
    }

    private void awaitRoles(String... expected) throws Exception {
        for (int i = 0; i < 600 && !roles().equals(List.of(expected)); i++) {
            Thread.sleep(50);
        }
        assertThat(roles()).containsExactly(expected);
    }

    private HttpResponse<String> post(String body) {
        return operator.json("/models", body);
    }

    private HttpResponse<String> put(String path, String body) {
        return operator.call("PUT", path, "application/json", BodyPublishers.ofString(body));
    }

    private HttpResponse<String> delete(String id) {
        return operator.call("DELETE", "/models/" + id, null, BodyPublishers.noBody());
    }

    // ---- the callers

    private String model(String name) throws IOException {
        String body = api.json("/embed", CALL.formatted(", \"model\": \"" + name + "\"")).body();
        JsonNode json = JSON.readTree(body);
        return json.path("model").asText() + " " + json.path("space").asText();
    }

    private int status(String path, String body) {
        return api.json(path, body).statusCode();
    }

    /** Callers without a pause; each answer's vector must be that of the model it names. */
    private final class Load implements AutoCloseable {

        final Map<String, String> vectors = new ConcurrentHashMap<>();
        final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
        private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopped;

        Load(int callers) {
            for (int i = 0; i < callers; i++) {
                threads.add(Thread.ofPlatform().daemon().start(this::call));
            }
        }

        private void call() {
            while (!stopped) {
                HttpResponse<String> answer = api.json("/embed", CALL.formatted(""));
                try {
                    note(answer);
                } catch (IOException e) {
                    faults.add(e.toString());
                }
            }
        }

        private void note(HttpResponse<String> answer) throws IOException {
            JsonNode json = JSON.readTree(answer.body());
            String model = json.path("model").asText();
            String vector = json.at("/data/0/embedding").toString();
            String known = vectors.putIfAbsent(model, vector);
            String space =
                    model.equals("tiny/3") ? "tiny-0000000000000000" : "tiny-40f5bba080f8533e";
            if (answer.statusCode() != 200
                    || !space.equals(json.path("space").asText())
                    || (known != null && !known.equals(vector))) {
                faults.add(answer.statusCode() + " " + answer.body());
            }
            counts.computeIfAbsent(model, _ -> new AtomicInteger()).incrementAndGet();
        }

        /** Waits until a model has answered some more calls. */
        void awaitAnswers(String model) throws InterruptedException {
            AtomicInteger count = counts.computeIfAbsent(model, _ -> new AtomicInteger());
            int end = count.get() + 40;
            while (count.get() < end && faults.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }

        void stop() throws InterruptedException {
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }

        @Override
        public void close() {
            stopped = true;
        }
    }
}
