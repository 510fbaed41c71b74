package io.cospace.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Item;
import io.cospace.service.grpc.v1.LongText;
import io.cospace.service.grpc.v1.OnError;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.OutputType;
import io.cospace.service.grpc.v1.Task;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One table of calls, each made over REST and over gRPC: the same vectors, the same problems. */
@QuarkusTest
@SuppressWarnings("NullAway.Init") // injected, or set before each test
@Timeout(60)
class BothTransportsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** HTTP status of a problem to the code of gRPC. */
    private static final Map<Integer, Integer> CODES =
            Map.of(400, 3, 404, 5, 413, 3, 415, 3, 422, 3, 500, 13);

    @TestHTTPResource("/")
    private URL url;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ManagedChannel channel;

    @BeforeEach
    void await_ready() throws Exception {
        channel = NettyChannelBuilder.forAddress("localhost", url.getPort()).usePlaintext().build();
        HttpRequest ready = HttpRequest.newBuilder(uri(managementUrl, "/q/health/ready")).build();
        while (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    /** Bodies of {@code POST /embed}; each is also made a message of gRPC. */
    static List<String> calls() {
        String cat = "{\"text\": \"a red bicycle\"}";
        String gif = image("R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
        String none = image("bm90IGFuIGltYWdl");
        String text =
                "\"one red \\uD83D\\uDEB2 two. Three four five. " + "six seven. ".repeat(20) + "\"";
        String longer = "{\"text\": " + text + "}";
        List<String> calls = new ArrayList<>();
        calls.add(body(cat, ""));
        calls.add(body(cat + "," + gif + ",{\"text\": \"ein rotes Fahrrad\"}", ""));
        calls.add(body("{\"text\": \"cat\", \"task\": \"query\"}," + cat, ""));
        calls.add(body(cat, ", \"task\": \"query\""));
        calls.add(body(cat + "," + gif, ", \"dimensions\": 16"));
        calls.add(body(cat, ", \"types\": [\"float\", \"binary\", \"ubinary\"]"));
        for (String way : List.of("truncate_end", "truncate_start", "pool", "chunks")) {
            calls.add(body(longer + "," + cat, ", \"long_text\": \"%s\"".formatted(way)));
        }
        calls.add(body(longer, ", \"long_text\": \"chunks\", \"offsets\": \"utf16\""));
        calls.add(body(cat, ", \"model\": \"tiny\""));
        calls.add(body(cat, ", \"model\": \"tiny/1\""));
        String bad = cat + ",{\"text\": \"\"}," + none + "," + longer;
        calls.add(body(bad, ", \"on_error\": \"item\""));
        calls.add(body(bad, ""));
        calls.add(body(none, ""));
        calls.add(body(longer, ""));
        calls.add(body("{\"image_url\": \"https://example.org/a.png\"}", ""));
        calls.add(body("{}", ""));
        calls.add(body("", ""));
        calls.add(body(String.join(",", Collections.nCopies(1_025, cat)), ""));
        calls.add(body(cat, ", \"dimensions\": 17"));
        calls.add(body(cat, ", \"model\": \"other\""));
        calls.add(body(cat, ", \"space\": \"other-0123456789abcdef\""));
        calls.add(body("{\"text\": \"%s\"}".formatted("a".repeat(1_000_001)), ""));
        return calls;
    }

    private static String image(String base64) {
        return "{\"image\": \"" + base64 + "\"}";
    }

    private static String body(String inputs, String options) {
        return "{\"inputs\": [" + inputs + "]" + options + "}";
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("calls")
    void answers_the_same_over_rest_and_grpc(String call) throws Exception {
        HttpResponse<String> rest =
                client.send(
                        HttpRequest.newBuilder(uri(url, "/embed"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(call))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        JsonNode answer = JSON.readTree(rest.body());
        try {
            EmbedResponse grpc =
                    EmbedderGrpc.newBlockingStub(channel).embed(message(JSON.readTree(call)));
            assertThat(rest.statusCode()).as(rest.body()).isEqualTo(200);
            assertSame(answer, grpc);
        } catch (StatusRuntimeException e) {
            assertSameProblem(answer, e);
        }
    }

    private static void assertSameProblem(JsonNode rest, StatusRuntimeException grpc)
            throws Exception {
        com.google.rpc.Status status = requireNonNull(StatusProto.fromThrowable(grpc));
        String reason = status.getDetails(0).unpack(ErrorInfo.class).getReason();
        assertThat("/problems/" + reason.toLowerCase(Locale.ROOT).replace('_', '-'))
                .isEqualTo(rest.path("type").asText());
        assertThat(status.getCode()).isEqualTo(CODES.get(rest.path("status").asInt()));
    }

    private static void assertSame(JsonNode rest, EmbedResponse grpc) {
        assertThat(grpc.getModel()).isEqualTo(rest.get("model").asText());
        assertThat(grpc.getSpace()).isEqualTo(rest.get("space").asText());
        assertThat(grpc.getDimensions()).isEqualTo(rest.get("dimensions").asInt());
        assertThat(grpc.getUsage().getTokens()).isEqualTo(rest.at("/usage/tokens").asLong());
        assertThat(grpc.getUsage().getImages()).isEqualTo(rest.at("/usage/images").asInt());
        assertThat(grpc.getItemsCount()).isEqualTo(rest.get("data").size());
        for (int i = 0; i < grpc.getItemsCount(); i++) {
            assertSame(rest.get("data").get(i), grpc.getItems(i));
        }
    }

    private static void assertSame(JsonNode rest, Item grpc) {
        switch (grpc.getOutcomeCase()) {
            case EMBEDDING -> {
                assertSame(rest, grpc.getEmbedding());
                assertThat(grpc.getText().getTokens()).isEqualTo(rest.path("tokens").asInt());
                assertThat(grpc.getText().getTokensUsed())
                        .isEqualTo(rest.path("tokens_used").asInt());
                assertThat(grpc.getText().getTruncated())
                        .isEqualTo(rest.path("truncated").asBoolean());
            }
            case CHUNKS -> {
                assertThat(grpc.getChunks().getChunksCount()).isEqualTo(rest.get("chunks").size());
                for (int i = 0; i < rest.get("chunks").size(); i++) {
                    JsonNode chunk = rest.get("chunks").get(i);
                    var other = grpc.getChunks().getChunks(i);
                    assertThat(other.getStart()).isEqualTo(chunk.get("start").asInt());
                    assertThat(other.getEnd()).isEqualTo(chunk.get("end").asInt());
                    assertThat(other.getTokens()).isEqualTo(chunk.get("tokens").asInt());
                    assertSame(chunk, other.getEmbedding());
                }
            }
            case PROBLEM -> {
                assertThat(rest.at("/error/type").asText())
                        .isEqualTo("/problems/" + grpc.getProblem().getName());
                assertThat(CODES.get(rest.at("/error/status").asInt()))
                        .isEqualTo(grpc.getProblem().getCode());
            }
            case OUTCOME_NOT_SET -> throw new AssertionError("no outcome beside " + rest);
        }
    }

    private static void assertSame(JsonNode rest, io.cospace.service.grpc.v1.Embedding grpc) {
        double cosine = 0;
        assertThat(rest.get("embedding")).hasSize(grpc.getValuesCount());
        for (int i = 0; i < grpc.getValuesCount(); i++) {
            cosine += grpc.getValues(i) * rest.get("embedding").get(i).asDouble();
        }
        assertThat(cosine).isGreaterThanOrEqualTo(0.99999);
        JsonNode packed = rest.path("embeddings");
        assertThat(grpc.getUbinary().size()).isEqualTo(packed.path("ubinary").size());
        for (int i = 0; i < packed.path("ubinary").size(); i++) {
            assertThat(grpc.getUbinary().byteAt(i) & 0xFF)
                    .isEqualTo(packed.get("ubinary").get(i).asInt());
            assertThat(grpc.getBinary().byteAt(i))
                    .isEqualTo((byte) packed.get("binary").get(i).asInt());
        }
    }

    private static EmbedRequest message(JsonNode call) {
        EmbedRequest.Builder message = EmbedRequest.newBuilder();
        call.get("inputs").forEach(input -> message.addInputs(input(input)));
        if (call.has("on_error")) {
            message.setOnError(OnError.valueOf("ON_ERROR_" + word(call, "on_error")));
        }
        Options.Builder options = message.getOptionsBuilder();
        if (call.has("task")) {
            options.setTask(Task.valueOf("TASK_" + word(call, "task")));
        }
        if (call.has("dimensions")) {
            options.setDimensions(call.get("dimensions").asInt());
        }
        if (call.has("long_text")) {
            options.setLongText(LongText.valueOf("LONG_TEXT_" + word(call, "long_text")));
        }
        if (call.has("offsets")) {
            options.setOffsets(
                    io.cospace.service.grpc.v1.Offsets.valueOf("OFFSETS_" + word(call, "offsets")));
        }
        for (JsonNode type : call.path("types")) {
            options.addTypes(
                    OutputType.valueOf("OUTPUT_TYPE_" + type.asText().toUpperCase(Locale.ROOT)));
        }
        options.setModel(call.path("model").asText()).setSpace(call.path("space").asText());
        return message.build();
    }

    private static Input input(JsonNode input) {
        Input.Builder message = Input.newBuilder();
        if (input.has("text")) {
            message.setText(input.get("text").asText());
        }
        if (input.has("image")) {
            byte[] file = Base64.getDecoder().decode(input.get("image").asText());
            message.setImage(ByteString.copyFrom(file));
        }
        if (input.has("image_url")) {
            message.setImageUrl(input.get("image_url").asText());
        }
        if (input.has("task")) {
            message.setTask(Task.valueOf("TASK_" + word(input, "task")));
        }
        return message.build();
    }

    private static String word(JsonNode node, String field) {
        return node.get(field).asText().toUpperCase(Locale.ROOT);
    }

    private static URI uri(URL base, String path) {
        return URI.create("http://localhost:" + base.getPort() + path);
    }
}
