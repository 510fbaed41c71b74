package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.service.admission.Doors;
import io.cospace.service.embedding.FakeModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenAI's official clients send, and what they must find in the answers. */
@Timeout(60)
class OpenAiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/embeddings";

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

    @ParameterizedTest
    @ValueSource(strings = {"python", "node"})
    void answers_a_text_in_base64_as_both_clients_ask_by_default(String client) throws IOException {
        JsonNode answer = replay(client + "-text", 200);
        assertThat(answer.path("object").asText()).isEqualTo("list");
        assertThat(answer.at("/data/0/object").asText()).isEqualTo("embedding");
        assertThat(answer.path("model").asText()).isEqualTo("fake/1");
        assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
        byte[] bytes = Base64.getDecoder().decode(answer.at("/data/0/embedding").asText());
        float[] vector = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        assertThat(vector).isEqualTo(FakeModel.vectorOf("a red bicycle"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "node"})
    void answers_a_list_as_numbers_at_the_dimensions_asked(String client) throws IOException {
        JsonNode data = replay(client + "-texts", 200).path("data");
        assertThat(data).hasSize(2);
        assertThat(data.at("/1/index").asInt()).isEqualTo(1);
        assertThat(data.at("/1/embedding")).hasSize(4);
        assertThat(data.at("/1/embedding/0").isNumber()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "node"})
    void answers_images_as_items_and_takes_an_option_of_its_own(String client) throws IOException {
        JsonNode answer = replay(client + "-items", 200);
        assertThat(answer.path("data")).hasSize(2);
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(4);
        String query =
                api.json(
                                "/embed",
                                "{\"inputs\": \"a cat\", \"task\": \"query\", \"types\":"
                                        + " [\"base64\"]}")
                        .body();
        assertThat(query).contains(answer.at("/data/1/embedding").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "node"})
    void refuses_token_ids_in_the_form_whose_message_the_clients_show(String client)
            throws IOException {
        JsonNode error = replay(client + "-tokens", 400).path("error");
        assertThat(error.path("message").asText()).contains("token ids").contains("send text");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("param").asText()).isEqualTo("input");
        assertThat(error.path("code").asText()).isEqualTo("invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "node"})
    void lists_models_and_finds_one_whose_slash_is_encoded(String client) throws IOException {
        JsonNode models = replay(client + "-models", 200);
        assertThat(models.at("/data/0/id").asText()).isEqualTo("fake/1");
        assertThat(replay(client + "-model", 200)).isEqualTo(models.at("/data/0"));
        assertThat(JSON.readTree(api.get("/v1/models/fake/1").body()))
                .isEqualTo(models.at("/data/0"));
        assertThat(api.get("/v1/models/fake").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
"""
no input         | {"model": "fake"}                                          | 400 | invalid-request   | input
empty list       | {"input": []}                                              | 400 | invalid-request   | input
a number         | {"input": 7}                                               | 400 | invalid-request   | input
token ids        | {"input": [1, 2]}                                          | 400 | invalid-request   | input
empty text       | {"input": ["a", ""]}                                       | 422 | text-empty        | input[1]
long text        | {"input": "1 2 3 4 5 6 7 8 9"}                             | 422 | text-too-long     | input[0]
no base64        | {"input": [{"image": "a*"}]}                               | 400 | invalid-request   | input[0].image
an image's URL   | {"input": [{"image": "https://x.example/a.jpg"}]}          | 422 | url-refused       | input[0]
other model      | {"input": "a", "model": "text-embedding-3-small"}          | 404 | model-unknown     | model
other size       | {"input": "a", "dimensions": 3}                            | 422 | unknown-dimension | dimensions
other format     | {"input": "a", "encoding_format": "int8"}                  | 400 | invalid-request   | encoding_format
chunks           | {"input": "a", "long_text": "chunks"}                      | 400 | invalid-request   | long_text
unknown field    | {"input": "a", "inputs": "b"}                              | 400 | invalid-request   | inputs
no JSON          | {"input": "a"                                              | 400 | invalid-request   | input
""")
    void says_what_is_wrong(String name, String body, int status, String code, String param)
            throws IOException {
        HttpResponse<String> response = api.json(PATH, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body()).path("error");
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("param").asText()).isEqualTo(param);
    }

    @Test
    void takes_lists_of_2048_and_no_longer_ones() throws IOException {
        assertThat(api.json(PATH, list(2048)).statusCode()).isEqualTo(200);
        HttpResponse<String> more = api.json(PATH, list(2049));
        assertThat(more.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(more.body()).at("/error/message").asText())
                .isEqualTo("input holds 2049 inputs; a call takes at most 2048");
    }

    @Test
    void says_what_the_door_and_the_router_refuse_in_the_same_form(@TempDir Path folder)
            throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), Doors.line("alpha", "search"));
        try (FakeServer keyed = FakeServer.behind(Doors.keyed(keys))) {
            HttpResponse<String> refused = keyed.client().json(PATH, "{\"input\": \"a\"}");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("\"type\":\"authentication_error\"");
        }
        assertThat(api.get(PATH).statusCode()).isEqualTo(405);
        assertThat(api.get("/v1/models/none").body()).contains("\"code\":\"model-unknown\"");
        assertThat(api.get("/v1/chat/completions").body()).startsWith("{\"error\":{\"message\":");
    }

    private static String list(int count) {
        return "{\"input\": [\"" + String.join("\", \"", Collections.nCopies(count, "a")) + "\"]}";
    }

    /** Sends a recorded request as it is; what comes back is checked against the contract. */
    private static JsonNode replay(String name, int status) throws IOException {
        byte[] request;
        try (InputStream file =
                Objects.requireNonNull(
                        OpenAiTest.class.getResourceAsStream("/golden/openai/" + name + ".http"),
                        name)) {
            request = file.readAllBytes();
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            String head = head(in);
            assertThat(head).startsWith("http/1.1 " + status);
            assertThat(head).contains("content-type: application/json");
            int length =
                    Integer.parseInt(head.replaceFirst("(?s).*content-length: (\\d+).*", "$1"));
            String body = new String(in.readNBytes(length), UTF_8);
            String path = new String(request, UTF_8).split(" ", 3)[1];
            String documented = path.replaceFirst("/models/.*", "/models/{id}");
            String method = documented.equals(PATH) ? "post" : "get";
            Contract.checkBody(
                    Contract.resolve(
                                    Contract.root()
                                            .path("paths")
                                            .path(documented)
                                            .path(method)
                                            .path("responses")
                                            .path(Integer.toString(status)))
                            .at("/content/application~1json/schema"),
                    body);
            return JSON.readTree(body);
        }
    }

    /** Reads up to the empty line; in lower case. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(new String(in.readNBytes(1), ISO_8859_1));
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }
}
