package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.service.Damage;
import io.cospace.service.RawHttp;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls with a few bytes changed, from a fixed seed: answered, or refused with a problem document
 * that the contract knows, and never by a fault of the service.
 */
@Timeout(300)
class FuzzTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CALLS = 250;
    private static final List<byte[]> TOKENS =
            Stream.of(
                            "\"",
                            "{",
                            "}",
                            "[",
                            "]",
                            ",",
                            ":",
                            "null",
                            "true",
                            "-1",
                            "1e999",
                            "\\u0000",
                            "\\ud800",
                            "\n",
                            "\r\n",
                            "--B",
                            "--B--\r\n",
                            "\"inputs\":",
                            "\"text\":",
                            "\"image\":",
                            "\"id\":",
                            "\"options\":",
                            "[[[[[[[[",
                            "\u0000",
                            "\u00ff",
                            "{}")
                    .map(token -> token.getBytes(ISO_8859_1))
                    .toList();

    private static FakeServer server;
    private static ApiClient api;

    @BeforeAll
    static void start() {
        server = FakeServer.start();
        api = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> bodies() {
        String form =
                """
                --B
                Content-Disposition: form-data; name="text"

                a cat
                --B
                Content-Disposition: form-data; name="f"; filename="x"

                IMG
                --B--
                """
                        .replace("\n", "\r\n");
        return Stream.of(
                Arguments.of(
                        "/embed",
                        "application/json",
                        "{\"inputs\": [\"a\", {\"text\": \"b\", \"task\": \"query\"}, {\"image\": \"SU1H\"}], "
                                + "\"dimensions\": 4, \"types\": [\"float\", \"base64\"], \"on_error\": \"item\"}"),
                Arguments.of(
                        "/similarity",
                        "application/json",
                        "{\"a\": [\"a\"], \"b\": [\"b\", {\"embedding\": [1, 0, 0, 0, 0, 0, 0, 0]}], "
                                + "\"score\": \"probability\", \"top_k\": 1}"),
                Arguments.of("/tokenize", "application/json", "{\"inputs\": [\"a b c\"]}"),
                Arguments.of(
                        "/v1/embeddings",
                        "application/json",
                        "{\"model\": \"fake\", \"input\": [\"a\", {\"image\": \"SU1H\"}], "
                                + "\"encoding_format\": \"base64\", \"dimensions\": 4}"),
                Arguments.of(
                        "/embed",
                        "application/x-ndjson",
                        "{\"dimensions\": 4}\n{\"id\": 1, \"text\": \"a\"}\n{\"image\": \"SU1H\"}\n\"b\"\n"),
                Arguments.of("/embed", "multipart/form-data; boundary=B", form),
                Arguments.of("/embed?dimensions=4", "image/png", "IMG and what belongs to it"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void a_damaged_body_is_answered_or_refused_as_documented(String path, String type, String body)
            throws IOException {
        Damage damage = new Damage(random(), TOKENS);
        for (int i = 0; i < CALLS; i++) {
            byte[] damaged = damage.of(body.getBytes(UTF_8));
            // The client holds each answer of the document's paths to the document.
            HttpResponse<String> answer = api.post(path, type, damaged);
            check(answer, new String(damaged, ISO_8859_1));
        }
        assertServes();
    }

    private static void check(HttpResponse<String> answer, String call) throws IOException {
        String type = answer.headers().firstValue("content-type").orElse("");
        assertThat(answer.statusCode()).as(call).isLessThan(500);
        if (answer.statusCode() >= 400) {
            boolean openAi = answer.uri().getPath().startsWith("/v1/");
            assertThat(type)
                    .as(call)
                    .isEqualTo(openAi ? "application/json" : "application/problem+json");
            assertThat(JSON.readTree(answer.body()).isObject()).isTrue();
        } else if (type.equals("application/x-ndjson")) {
            for (String line : answer.body().lines().toList()) {
                JsonNode status = JSON.readTree(line).at("/error/status");
                assertThat(status.asInt()).as(call + line).isLessThan(500);
            }
        }
    }

    /** What is no HTTP any more is refused by the server below the service, with no document. */
    @Test
    void a_damaged_head_is_no_fault_of_the_service() throws IOException {
        String call =
                """
                POST /embed?task=query HTTP/1.1
                Host: x
                Connection: close
                Content-Type: image/png
                Accept: application/json;q=0.5, */*
                Priority: u=5, i
                X-Request-Timeout-Ms: 1000
                Content-Length: 3

                IMG\
                """
                        .replace("\n", "\r\n");
        Damage damage = new Damage(random(), TOKENS);
        for (int i = 0; i < CALLS; i++) {
            String damaged = new String(damage.of(call.getBytes(ISO_8859_1)), ISO_8859_1);
            String answer = answer(damaged);
            assertThat(answer).as(damaged).doesNotStartWith("HTTP/1.1 5");
        }
        assertServes();
    }

    /** Ends the call in any case: what is cut short would be waited for. */
    private static String answer(String call) throws IOException {
        try {
            return RawHttp.answerToHalfClosed(server.port(), call);
        } catch (SocketException _) {
            return ""; // reset, while more came than was read
        }
    }

    private static void assertServes() {
        assertThat(api.json("/embed", "{\"inputs\": \"a\"}").statusCode()).isEqualTo(200);
    }

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_128);
    }
}
