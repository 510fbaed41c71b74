package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Doors;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.parsetools.RecordParser;
import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API over HTTP/2: whole bodies, and lines in and out of one stream. */
@Timeout(120)
class Http2Test {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NDJSON = "application/x-ndjson";
    private static final String END = "";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false));

    @AfterEach
    void close() throws Exception {
        Void _ = get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** An answer that is read as a whole. */
    private record Whole(HttpClientResponse head, String body) {

        /** Begins to read with the head; to be called before the server can have answered. */
        static Future<Whole> of(Future<HttpClientResponse> answer) {
            return answer.compose(
                    head -> head.body().map(body -> new Whole(head, body.toString())));
        }
    }

    private HttpClientRequest begin(FakeServer server, String type) throws Exception {
        HttpClientRequest request =
                get(client.request(HttpMethod.POST, server.port(), "127.0.0.1", "/embed"));
        return request.putHeader("Content-Type", type).setChunked(type.equals(NDJSON));
    }

    @Test
    void answers_the_same_as_over_http1() throws Exception {
        try (FakeServer server = FakeServer.start()) {
            for (String body :
                    new String[] {"{\"inputs\": [\"a\", \"b\"]}", "{\"inputs\": [\"\"]}"}) {
                HttpClientRequest request = begin(server, "application/json");
                Future<Whole> reading = Whole.of(request.response());
                Void _ = get(request.end(body));
                Whole answer = get(reading);
                HttpClientResponse response = answer.head();
                var http1 = server.client().json("/embed", body);

                assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                assertThat(response.statusCode()).isEqualTo(http1.statusCode());
                assertThat(response.getHeader("content-type"))
                        .isEqualTo(http1.headers().firstValue("content-type").orElseThrow());
                assertThat(answer.body()).isEqualTo(http1.body());
            }
        }
    }

    @Test
    void a_large_answer_comes_whole() throws Exception {
        String texts = "[" + "\"a\",".repeat(299) + "\"a\"]";
        String body = "{\"a\": %1$s, \"b\": %1$s}".formatted(texts);
        try (FakeServer server = FakeServer.start()) {
            HttpClientRequest request =
                    get(client.request(HttpMethod.POST, server.port(), "127.0.0.1", "/similarity"));
            request.putHeader("Content-Type", "application/json");
            Future<Whole> reading = Whole.of(request.response());
            Void _ = get(request.end(body));
            Whole whole = get(reading);
            JsonNode answer = JSON.readTree(whole.body());

            assertThat(answer.path("scores")).hasSize(300);
            assertThat(answer.at("/scores/299")).hasSize(300);
        }
    }

    /** The lines of an answer as they come, and {@link #END}. */
    private static BlockingQueue<String> lines(HttpClientResponse response) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        response.handler(RecordParser.newDelimited("\n", line -> lines.add(line.toString())));
        response.endHandler(_ -> lines.add(END));
        response.resume();
        return lines;
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        String line = lines.poll(30, TimeUnit.SECONDS);
        assertThat(line).as("a line").isNotNull();
        return line;
    }

    @Test
    void a_line_is_answered_before_the_next_is_sent_and_a_bad_one_as_a_line() throws Exception {
        try (FakeServer server = FakeServer.start()) {
            HttpClientRequest request = begin(server, NDJSON);
            var head = request.response().map(HttpClientResponse::pause);
            Void _ = get(request.write("{\"dimensions\": 4}\n"));
            HttpClientResponse response = get(head);
            BlockingQueue<String> lines = lines(response);
            String[] bodies = {
                "{\"id\": \"a\", \"text\": \"a cat\"}", "{\"text\": \"\"}", "{\"tex", "\"b\""
            };
            for (int i = 0; i < bodies.length; i++) {
                Void _ = get(request.write(bodies[i] + "\n"));
                JsonNode line = JSON.readTree(next(lines));
                assertThat(line.path("index").asInt()).isEqualTo(i);
                assertThat(line.has("error")).as(line.toString()).isEqualTo(i == 1 || i == 2);
                assertThat(line.has("embedding")).isEqualTo(i == 0 || i == 3);
            }
            Void _ = get(request.end());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.getHeader("content-type")).isEqualTo(NDJSON);
            assertThat(next(lines)).isEqualTo(END);
        }
    }

    @Test
    void a_first_line_that_is_no_options_is_a_problem_of_the_call() throws Exception {
        try (FakeServer server = FakeServer.start()) {
            HttpClientRequest request = begin(server, NDJSON);
            Future<Whole> reading = Whole.of(request.response());
            Void _ = get(request.write("{\"text\": \"a\"}\n"));
            Whole answer = get(reading);

            assertThat(answer.head().statusCode()).isEqualTo(400);
            assertThat(answer.head().getHeader("content-type"))
                    .isEqualTo("application/problem+json");
            assertThat(answer.body()).contains("first line holds the options");
        }
    }

    @Test
    void ends_with_a_line_that_says_why_when_the_process_leaves() throws Exception {
        Admission admission = Doors.open();
        try (FakeServer server = FakeServer.behind(admission)) {
            HttpClientRequest request = begin(server, NDJSON);
            var head = request.response().map(HttpClientResponse::pause);
            Void _ = get(request.write("{}\n\"a\"\n"));
            HttpClientResponse response = get(head);
            BlockingQueue<String> lines = lines(response);
            assertThat(next(lines)).startsWith("{\"index\":0,");
            admission.drain();

            assertThat(next(lines)).startsWith("{\"error\":{\"type\":\"/problems/draining\"");
            assertThat(next(lines)).isEqualTo(END);
        }
    }

    /** The client writes while it can and reads nothing; then it reads all. */
    @Test
    void a_client_that_does_not_read_is_not_read_and_loses_nothing() throws Exception {
        String piece = "{\"text\":\"a word or two\"}\n".repeat(1_000);
        try (FakeServer server = FakeServer.start()) {
            HttpClientRequest request = begin(server, NDJSON);
            var head = request.response().map(HttpClientResponse::pause);
            Void _ = get(request.write("{}\n"));
            HttpClientResponse response = get(head);
            int sent = 0;
            int full = 0;
            while (full < 20) {
                if (request.writeQueueFull()) {
                    full++;
                    TimeUnit.MILLISECONDS.sleep(50);
                } else {
                    full = 0;
                    assertThat(sent).as("lines that went into windows").isLessThan(2_000_000);
                    Future<Void> _ = request.write(piece);
                    sent += 1_000;
                }
            }
            BlockingQueue<String> lines = lines(response);
            Future<Void> _ = request.end();
            BitSet seen = new BitSet();
            for (String line = next(lines); !line.equals(END); line = next(lines)) {
                int index = Integer.parseInt(line.substring(9, line.indexOf(',')));
                assertThat(seen.get(index)).as("once").isFalse();
                seen.set(index);
            }

            assertThat(seen.cardinality()).isEqualTo(sent);
        }
    }
}
