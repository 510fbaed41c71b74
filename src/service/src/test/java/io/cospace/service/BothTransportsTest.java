package io.cospace.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.InfoRequest;
import io.cospace.service.grpc.v1.InfoResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URL;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One table of calls, each made over REST and over gRPC: the same vectors, the same problems. */
@QuarkusTest
@TestProfile(KeyedService.class)
@SuppressWarnings("NullAway.Init") // injected, or set before each test
@Timeout(60)
class BothTransportsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    private URL url;

    @TestHTTPResource(value = "/", management = true)
    private URL managementUrl;

    private Transports service;

    @BeforeEach
    void await_ready_and_spend_a_rate() throws Exception {
        service = new Transports(url.getPort(), managementUrl.getPort());
        var _ = service.post(KeyedService.SPENT, "/embed", "application/json", CallTable.ONE);
    }

    @AfterEach
    void disconnect() {
        service.close();
    }

    @ParameterizedTest
    @MethodSource("io.cospace.service.CallTable#embeds")
    void embeds_the_same_over_rest_and_grpc(CallTable.Call call) throws Exception {
        HttpResponse<String> rest =
                service.post(call.key(), "/embed", "application/json", call.body());
        assertThat(rest.statusCode()).as(rest.body()).isEqualTo(call.expected());
        JsonNode answer = JSON.readTree(rest.body());
        try {
            var grpc =
                    service.blocking(call.key())
                            .embed(CallMessages.embed(JSON.readTree(call.body())));
            assertThat(call.expected()).isEqualTo(200);
            SameAnswers.assertSame(answer, grpc);
        } catch (StatusRuntimeException e) {
            SameAnswers.assertSameProblem(rest, answer, e);
        }
    }

    @ParameterizedTest
    @MethodSource("io.cospace.service.CallTable#similarities")
    void compares_the_same_over_rest_and_grpc(CallTable.Call call) throws Exception {
        HttpResponse<String> rest =
                service.post(call.key(), "/similarity", "application/json", call.body());
        assertThat(rest.statusCode()).as(rest.body()).isEqualTo(call.expected());
        JsonNode answer = JSON.readTree(rest.body());
        try {
            var grpc =
                    service.blocking(call.key())
                            .similarity(CallMessages.similarity(JSON.readTree(call.body())));
            assertThat(call.expected()).isEqualTo(200);
            SameAnswers.assertSame(answer, grpc);
        } catch (StatusRuntimeException e) {
            SameAnswers.assertSameProblem(rest, answer, e);
        }
    }

    @ParameterizedTest
    @MethodSource("io.cospace.service.CallTable#streams")
    void streams_the_same_over_ndjson_and_grpc(CallTable.Call call) throws Exception {
        JsonNode asked = JSON.readTree(call.body());
        ObjectNode options = asked.deepCopy();
        var _ = options.remove("inputs");
        StringBuilder lines = new StringBuilder(options + "\n");
        asked.get("inputs").forEach(input -> lines.append(input).append('\n'));
        HttpResponse<String> rest =
                service.post(call.key(), "/embed", "application/x-ndjson", lines.toString());
        assertThat(rest.statusCode()).as(rest.body()).isEqualTo(call.expected());
        CompletableFuture<Map<Integer, EmbedStreamResponse>> grpc = new CompletableFuture<>();
        StreamObserver<EmbedStreamRequest> out =
                service.streaming(call.key()).embedStream(new Collector(grpc));
        CallMessages.stream(asked).forEach(out::onNext);
        out.onCompleted();
        if (call.expected() != 200) {
            @Nullable Throwable failure = null;
            try {
                var _ = grpc.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                failure = e.getCause();
            }
            SameAnswers.assertSameProblem(
                    rest, JSON.readTree(rest.body()), requireNonNull(failure));
            return;
        }
        Map<Integer, EmbedStreamResponse> items = grpc.get(30, TimeUnit.SECONDS);
        assertThat(rest.body().lines()).hasSize(asked.get("inputs").size()).hasSize(items.size());
        for (String line : rest.body().lines().toList()) {
            JsonNode item = JSON.readTree(line);
            SameAnswers.assertSame(
                    item, requireNonNull(items.get(item.get("index").asInt())).getItem().getItem());
        }
    }

    /** The items of a stream by their ids. */
    private record Collector(
            CompletableFuture<Map<Integer, EmbedStreamResponse>> end,
            Map<Integer, EmbedStreamResponse> items)
            implements StreamObserver<EmbedStreamResponse> {

        Collector(CompletableFuture<Map<Integer, EmbedStreamResponse>> end) {
            this(end, new TreeMap<>());
        }

        @Override
        public void onNext(EmbedStreamResponse response) {
            if (response.hasItem()) {
                items.put(Integer.valueOf(response.getItem().getId()), response);
            }
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(items);
        }
    }

    @Test
    void says_the_same_of_itself_over_rest_and_grpc() throws Exception {
        JsonNode rest = JSON.readTree(service.get("/info").body());
        InfoResponse grpc =
                service.blocking(KeyedService.GOOD).info(InfoRequest.getDefaultInstance());

        Map<String, Long> limits = new TreeMap<>();
        for (FieldDescriptor field : InfoResponse.Limits.getDescriptor().getFields()) {
            limits.put(field.getName(), (Long) grpc.getLimits().getField(field));
        }
        Map<String, Long> told = new TreeMap<>();
        rest.get("limits").properties().forEach(e -> told.put(e.getKey(), e.getValue().asLong()));
        assertThat(limits).isEqualTo(told).containsEntry("queue_items", 1024L);
        assertThat(grpc.getVersion()).isEqualTo(rest.at("/versions/cospace").asText());
        assertThat(grpc.getJava()).isEqualTo(rest.at("/versions/java").asText());
        InfoResponse.Model model = grpc.getModels(0);
        JsonNode other = rest.at("/models/0");
        assertThat(model.getModel()).isEqualTo(other.get("model").asText());
        assertThat(model.getScore().name())
                .isEqualToIgnoringCase("score_" + other.get("score").asText());
        assertThat(model.getLogitScale()).isEqualTo(other.get("logit_scale").asDouble());
        assertThat(model.getTowersList())
                .allSatisfy(tower ->
                        assertThat(tower.getProvider())
                                .isEqualTo(other.at("/towers/text/provider").asText()));
    }
}
