package io.cospace.service.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.StreamInput;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The access log and the traces of the whole service, on a bundle of random weights. */
@QuarkusTest
@WithTestResource(OtlpReceiver.class)
@SuppressWarnings("NullAway.Init") // injected, or set before each test
@Timeout(60)
class SignalsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALLER_SPAN = "b7ad6b7169203331";

    /** Of the caller; each test has its own. */
    private final String trace = UUID.randomUUID().toString().replace("-", "");

    private OtlpReceiver receiver;

    @TestHTTPResource("/")
    private URL url;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    private ManagedChannel channel;

    @BeforeEach
    void await_ready() throws Exception {
        channel = NettyChannelBuilder.forAddress("localhost", url.getPort()).usePlaintext().build();
        URI ready = URI.create("http://localhost:" + managementUrl.getPort() + "/q/health/ready");
        await(() -> send(HttpRequest.newBuilder(ready).build()).statusCode() == 200);
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        for (int i = 0; i < 3_000 && !condition.holds(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(condition.holds()).as("happened within 30 s").isTrue();
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + url.getPort() + path))
                        .header("Content-Type", "application/json")
                        .header("traceparent", traceParent())
                        .header("X-API-Key", "a secret that nobody logs")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private String traceParent() {
        return "00-" + trace + "-" + CALLER_SPAN + "-01";
    }

    private EmbedderGrpc.EmbedderBlockingStub grpc() {
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceParent());
        return EmbedderGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /** The line of this test's call. */
    private JsonNode line() throws Exception {
        return line(line -> line.path("trace_id").asText().equals(trace));
    }

    private JsonNode line(Predicate<JsonNode> which) throws Exception {
        await(() -> lines().stream().anyMatch(which));
        List<JsonNode> found = lines().stream().filter(which).toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private List<JsonNode> lines() throws IOException {
        return receiver.lines().stream().map(SignalsTest::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void logs_a_call_of_rest_without_its_payload() throws Exception {
        String body =
                "{\"inputs\": [\"a red bicycle\", \"\", {\"text\": \"ein Rad\"}], \"on_error\": \"item\"}";
        HttpResponse<String> answer = post("/embed?", body);
        JsonNode line = line();

        assertThat(line.at("/protocol").asText() + line.at("/method").asText())
                .isEqualTo("http/1.1POST");
        assertThat(line.at("/path").asText()).isEqualTo("/embed");
        assertThat(line.at("/status").asInt()).isEqualTo(200);
        assertThat(line.has("problem")).isFalse();
        assertThat(line.at("/key").asText()).isEqualTo("anonymous");
        assertThat(line.at("/model").asText()).isEqualTo("tiny/1");
        assertThat(line.at("/items").asInt()).isEqualTo(3);
        assertThat(line.at("/failed_items").asInt()).isEqualTo(1);
        assertThat(line.at("/tokens").asInt())
                .isEqualTo(JSON.readTree(answer.body()).at("/usage/tokens").asInt());
        assertThat(line.at("/bytes_in").asInt()).isEqualTo(body.length());
        assertThat(line.at("/bytes_out").asInt()).isEqualTo(answer.body().length());
        assertThat(line.at("/remote").asText()).isEqualTo("127.0.0.1");
        double stages =
                line.at("/prepare_ms").asDouble()
                        + line.at("/queue_ms").asDouble()
                        + line.at("/run_ms").asDouble()
                        + line.at("/encode_ms").asDouble();
        assertThat(stages).isPositive().isLessThan(line.at("/duration_ms").asDouble());
        assertThat(line.toString()).doesNotContain("bicycle").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", "h2"})
    void logs_a_bulk_call_as_one_call_without_its_payload(String protocol) throws Exception {
        String body = "{}\n{\"text\": \"a red bicycle\"}\n{\"text\": \"\"}\n\"ein Rad\"\n";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + url.getPort() + "/embed"))
                        .version(
                                protocol.equals("h2")
                                        ? HttpClient.Version.HTTP_2
                                        : HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", "application/x-ndjson")
                        .header("traceparent", traceParent())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode line = line();

        int tokens = 0;
        for (String item : answer.body().lines().toList()) {
            tokens += JSON.readTree(item).path("tokens").asInt();
        }
        assertThat(line.at("/protocol").asText()).isEqualTo(protocol);
        assertThat(line.at("/status").asInt()).isEqualTo(200);
        assertThat(line.at("/model").asText()).isEqualTo("tiny/1");
        assertThat(line.at("/items").asInt()).isEqualTo(3);
        assertThat(line.at("/failed_items").asInt()).isEqualTo(1);
        assertThat(line.at("/tokens").asInt()).isEqualTo(tokens).isPositive();
        assertThat(line.at("/bytes_in").asInt()).isEqualTo(body.length());
        assertThat(line.at("/bytes_out").asInt()).isEqualTo(answer.body().length());
        assertThat(line.has("run_ms")).as("stages are those of items, in the metrics").isFalse();
        assertThat(line.toString()).doesNotContain("bicycle").doesNotContain("Rad");
    }

    @Test
    void logs_a_refusal_with_its_problem() throws Exception {
        assertThat(post("/embed", "{\"inputs\": [\"\"]}").statusCode()).isEqualTo(422);
        JsonNode line = line();

        assertThat(line.at("/status").asInt()).isEqualTo(422);
        assertThat(line.at("/problem").asText()).isEqualTo("text-empty");
        assertThat(line.at("/items").asInt()).isEqualTo(1);
        assertThat(line.has("model")).isFalse();
    }

    @Test
    void logs_a_call_to_nowhere() throws Exception {
        assertThat(post("/nowhere", "{}").statusCode()).isEqualTo(404);

        assertThat(line().at("/problem").asText()).isEqualTo("not-found");
    }

    @Test
    void logs_a_client_that_goes_before_its_answer() throws Exception {
        try (Socket socket = new Socket("localhost", url.getPort())) {
            String head =
                    "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "traceparent: "
                            + traceParent()
                            + "\r\nContent-Length: 100\r\n\r\n{";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        }
        JsonNode line = line();

        assertThat(line.at("/status").asInt()).isEqualTo(499);
        assertThat(line.at("/problem").asText()).isEqualTo("client-gone");
    }

    @Test
    void logs_and_counts_an_answer_that_its_client_does_not_read() throws Exception {
        // All different: equal ones have scores of 1.0, in a third of the characters.
        String texts =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "\"w" + i + "\"")
                        .collect(Collectors.joining(",", "[", "]"));
        String body = "{\"a\": " + texts + ", \"b\": " + texts + "}";
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(64 << 10);
            socket.connect(new InetSocketAddress("localhost", url.getPort()));
            String head =
                    "POST /similarity HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "traceparent: "
                            + traceParent()
                            + "\r\nContent-Length: "
                            + body.length()
                            + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            JsonNode line = line();

            assertThat(line.at("/status").asInt()).isEqualTo(499);
            assertThat(line.at("/problem").asText()).isEqualTo("client-stalled");
            assertThat(line.at("/items").asInt()).isEqualTo(2_000);
            assertThat(line.at("/run_ms").asDouble()).isPositive();
        }
        URI metrics = URI.create("http://localhost:" + managementUrl.getPort() + "/q/metrics");
        assertThat(send(HttpRequest.newBuilder(metrics).build()).body())
                .contains("cospace_rejected_total{reason=\"client-stalled\"} 1.0");
    }

    @Test
    void logs_a_call_of_grpc() throws Exception {
        var answer =
                grpc().embed(
                                EmbedRequest.newBuilder()
                                        .addInputs(Input.newBuilder().setText("a red"))
                                        .build());
        JsonNode line = line();

        assertThat(line.at("/protocol").asText()).isEqualTo("grpc");
        assertThat(line.at("/path").asText()).isEqualTo("/cospace.v1.Embedder/Embed");
        assertThat(line.at("/status").asInt()).isZero();
        assertThat(line.at("/items").asInt()).isEqualTo(1);
        assertThat(line.at("/tokens").asLong()).isEqualTo(answer.getUsage().getTokens());
        assertThat(line.at("/bytes_out").asInt()).isEqualTo(answer.getSerializedSize() + 5);
        assertThat(line.at("/run_ms").asDouble()).isPositive();
    }

    @Test
    void logs_a_refusal_of_grpc_with_its_code() throws Exception {
        assertThat(
                        catchThrowableOfType(
                                StatusRuntimeException.class,
                                () -> grpc().embed(EmbedRequest.getDefaultInstance())))
                .isNotNull();
        JsonNode line = line();

        assertThat(line.at("/status").asInt()).isEqualTo(3);
        assertThat(line.at("/problem").asText()).isEqualTo("invalid-request");
    }

    @Test
    void logs_a_stream_of_grpc_as_one_call() throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        StreamObserver<EmbedStreamRequest> call =
                EmbedderGrpc.newStub(channel)
                        .embedStream(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(EmbedStreamResponse response) {}

                                    @Override
                                    public void onError(Throwable failure) {
                                        end.completeExceptionally(failure);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        end.complete(null);
                                    }
                                });
        call.onNext(
                EmbedStreamRequest.newBuilder().setOptions(Options.getDefaultInstance()).build());
        for (String text : List.of("a", "", "a b", "c")) {
            StreamInput.Builder input =
                    StreamInput.newBuilder().setInput(Input.newBuilder().setText(text));
            call.onNext(EmbedStreamRequest.newBuilder().setInput(input).build());
        }
        call.onCompleted();
        end.get(20, TimeUnit.SECONDS);
        JsonNode line = line(one -> one.at("/path").asText().endsWith("/EmbedStream"));

        assertThat(line.at("/status").asInt()).isZero();
        assertThat(line.at("/items").asInt()).isEqualTo(4);
        assertThat(line.at("/failed_items").asInt()).isEqualTo(1);
        assertThat(line.at("/tokens").asInt()).isPositive();
        assertThat(line.has("run_ms")).isFalse();
    }

    @Test
    void traces_the_stages_of_a_call_of_rest_below_the_span_of_its_caller() throws Exception {
        assertThat(post("/embed", "{\"inputs\": [\"a red bicycle\"]}").statusCode()).isEqualTo(200);

        assertStages("POST /embed");
    }

    @Test
    void traces_the_stages_of_a_call_of_grpc_below_the_span_of_its_caller() throws Exception {
        var text = Input.newBuilder().setText("a red");
        var unused = grpc().embed(EmbedRequest.newBuilder().addInputs(text).build());

        assertThat(unused.getItemsCount()).isEqualTo(1);
        assertStages("POST /cospace.v1.Embedder/Embed");
    }

    private void assertStages(String serverName) throws Exception {
        List<String> stages = List.of("prepare", "queue", "run", "encode");
        await(() -> spans().size() == 1 + stages.size());
        OtlpReceiver.Span server =
                spans().stream()
                        .filter(span -> span.name().equals(serverName))
                        .findAny()
                        .orElseThrow();
        assertThat(server.parent()).isEqualTo(CALLER_SPAN);
        List<OtlpReceiver.Span> children =
                spans().stream()
                        .filter(span -> span.parent().equals(server.id()))
                        .sorted(Comparator.comparingLong(OtlpReceiver.Span::startNanos))
                        .toList();
        assertThat(children).extracting(OtlpReceiver.Span::name).containsExactlyElementsOf(stages);
        for (int i = 1; i < children.size(); i++) {
            assertThat(children.get(i).startNanos())
                    .isGreaterThanOrEqualTo(children.get(i - 1).endNanos());
        }
        assertThat(line().at("/trace_id").asText()).isEqualTo(trace);
    }

    private List<OtlpReceiver.Span> spans() {
        return receiver.spans().stream().filter(span -> span.trace().equals(trace)).toList();
    }
}
