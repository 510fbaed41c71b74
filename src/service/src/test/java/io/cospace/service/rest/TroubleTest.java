package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.RawHttp;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.Tower;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that the service cannot answer as it would like to, and clients that do not wait. */
@Timeout(60)
class TroubleTest {

    private static final String TEXT = "{\"inputs\": \"a\"}";
    private static final String HEAD =
            """
            POST /embed HTTP/1.1
            Host: x
            Content-Type: application/json
            """
                    .replace("\n", "\r\n");

    @Test
    void is_not_ready_without_a_model() {
        try (FakeServer server = FakeServer.withoutModel()) {
            HttpResponse<String> response = server.client().json("/embed", TEXT);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("/problems/not-ready");
            assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
        }
    }

    @Test
    void says_when_to_come_back_while_overloaded_or_draining() {
        Problem[] problems = {
            new Problem.Overloaded("the queue is full", Duration.ofMillis(2500)),
            new Problem.Draining(Duration.ofMillis(10))
        };
        String[] seconds = {"3", "1"};
        for (int i = 0; i < problems.length; i++) {
            Problem problem = problems[i];
            try (FakeServer server = FakeServer.withTower(() -> refuse(problem))) {
                HttpResponse<String> response = server.client().json("/embed", TEXT);
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.body()).contains("/problems/" + problem.name());
                assertThat(response.headers().firstValue("Retry-After")).hasValue(seconds[i]);
            }
        }
    }

    @Test
    void ends_a_call_at_the_time_it_names() {
        try (FakeServer server = FakeServer.withTower(CompletableFuture::new)) {
            HttpResponse<String> response =
                    server.client().json("/embed", TEXT, "X-Request-Timeout-Ms", "100");
            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("no answer within 100 ms");
        }
    }

    @Test
    void says_no_more_than_that_it_failed_where_it_fails() {
        try (FakeServer server =
                FakeServer.withTower(() -> {
                    throw new IllegalStateException("secret");
                })) {
            HttpResponse<String> response = server.client().json("/embed", TEXT);
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
        }
    }

    @Test
    void gives_the_work_up_when_the_client_goes() throws Exception {
        CompletableFuture<Tower.Run> pending = new CompletableFuture<>();
        CompletableFuture<Void> submitted = new CompletableFuture<>();
        try (FakeServer server =
                FakeServer.withTower(() -> {
                    submitted.complete(null);
                    return pending;
                })) {
            try (Socket socket = connect(server)) {
                write(socket, HEAD + "Content-Length: " + TEXT.length() + "\r\n\r\n" + TEXT);
                submitted.get(10, TimeUnit.SECONDS);
            }
            assertThat(pending).failsWithin(Duration.ofSeconds(10));
            assertThat(pending).isCancelled();
        }
    }

    @Test
    void invites_a_body_that_waits_to_be_asked_for() throws Exception {
        try (FakeServer server = FakeServer.start();
                Socket socket = connect(server)) {
            write(socket, HEAD + "Expect: 100-continue\r\nConnection: close\r\n");
            write(socket, "Content-Length: " + TEXT.length() + "\r\n\r\n");
            InputStream in = socket.getInputStream();
            String invitation = new String(in.readNBytes(25), UTF_8);
            assertThat(invitation).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            write(socket, TEXT);
            assertThat(new String(in.readAllBytes(), UTF_8)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void refuses_a_body_that_is_too_large_before_it_is_sent() throws Exception {
        try (FakeServer server = FakeServer.start();
                Socket socket = connect(server)) {
            write(socket, HEAD + "Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
            byte[] refusal = socket.getInputStream().readNBytes(12);
            assertThat(new String(refusal, UTF_8)).isEqualTo("HTTP/1.1 413");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/embed%", "/problems/%zz", "/v1/models/%zz"})
    void says_of_a_path_that_cannot_be_read_what_is_wrong(String path) throws Exception {
        try (FakeServer server = FakeServer.start()) {
            String answer = RawHttp.get(server.port(), path);
            boolean openAi = path.startsWith("/v1/");
            assertThat(answer)
                    .contains(openAi ? "invalid-request" : "/problems/invalid-request")
                    .contains(openAi ? "application/json" : "application/problem+json")
                    .startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "image/png", "application/x-ndjson"})
    void says_of_a_query_that_cannot_be_read_what_is_wrong(String type) throws Exception {
        try (FakeServer server = FakeServer.start()) {
            String answer =
                    RawHttp.answer(
                            server.port(),
                            "POST /embed?task=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Content-Type: "
                                    + type
                                    + "\r\nContent-Length: 3\r\n\r\n{}\n");
            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json")
                    .contains("/problems/invalid-request");
        }
    }

    private static CompletableFuture<Tower.Run> refuse(Problem problem) {
        throw new ProblemException(problem);
    }

    private static Socket connect(FakeServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }
}
