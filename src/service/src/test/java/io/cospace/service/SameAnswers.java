package io.cospace.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.Embedding;
import io.cospace.service.grpc.v1.Item;
import io.cospace.service.grpc.v1.SimilarityResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** That an answer of REST and one of gRPC say the same. */
final class SameAnswers {

    /** HTTP status of a problem to the code of gRPC. */
    private static final Map<Integer, Integer> CODES =
            Map.of(400, 3, 401, 16, 404, 5, 413, 3, 415, 3, 422, 3, 429, 8, 500, 13, 503, 14);

    private SameAnswers() {}

    static void assertSameProblem(HttpResponse<String> rest, JsonNode problem, Throwable grpc)
            throws Exception {
        assertThat(grpc).as(rest.body()).isInstanceOf(StatusRuntimeException.class);
        Status status = requireNonNull(StatusProto.fromThrowable(grpc));
        String reason = status.getDetails(0).unpack(ErrorInfo.class).getReason();
        assertThat("/problems/" + reason.toLowerCase(Locale.ROOT).replace('_', '-'))
                .isEqualTo(problem.path("type").asText());
        assertThat(status.getCode()).isEqualTo(CODES.get(rest.statusCode()));
        boolean again = false;
        for (Any detail : status.getDetailsList()) {
            again |= detail.is(RetryInfo.class);
        }
        assertThat(rest.headers().firstValue("Retry-After").isPresent())
                .as("both say when to come back")
                .isEqualTo(again)
                .isEqualTo(List.of(429, 503).contains(rest.statusCode()));
    }

    static void assertSame(JsonNode rest, EmbedResponse grpc) {
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

    static void assertSame(JsonNode rest, Item grpc) {
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

    private static void assertSame(JsonNode rest, Embedding grpc) {
        double cosine = 0;
        assertThat(rest.path("embedding")).hasSize(grpc.getValuesCount());
        for (int i = 0; i < grpc.getValuesCount(); i++) {
            cosine += grpc.getValues(i) * rest.get("embedding").get(i).asDouble();
        }
        if (grpc.getValuesCount() > 0) {
            assertThat(cosine).isGreaterThanOrEqualTo(0.99999);
        }
        JsonNode packed = rest.path("embeddings");
        assertSame(packed.path("int8"), grpc.getInt8());
        assertSame(packed.path("uint8"), grpc.getUint8());
        assertSame(packed.path("binary"), grpc.getBinary());
        assertSame(packed.path("ubinary"), grpc.getUbinary());
    }

    private static void assertSame(JsonNode rest, ByteString grpc) {
        assertThat(grpc.size()).isEqualTo(rest.size());
        for (int i = 0; i < rest.size(); i++) {
            assertThat(grpc.byteAt(i)).isEqualTo((byte) rest.get(i).asInt());
        }
    }

    static void assertSame(JsonNode rest, SimilarityResponse grpc) {
        assertThat(grpc.getModel()).isEqualTo(rest.get("model").asText());
        assertThat(grpc.getSpace()).isEqualTo(rest.get("space").asText());
        assertThat(grpc.getUsage().getTokens()).isEqualTo(rest.at("/usage/tokens").asLong());
        JsonNode scores = rest.get("scores");
        switch (grpc.getScoresCase()) {
            case MATRIX -> {
                assertThat(grpc.getMatrix().getRowsCount()).isEqualTo(scores.size());
                for (int a = 0; a < scores.size(); a++) {
                    assertSame(scores.get(a), grpc.getMatrix().getRows(a));
                }
            }
            case PAIRS -> assertSame(scores, grpc.getPairs());
            case BEST -> {
                assertThat(grpc.getBest().getRowsCount()).isEqualTo(scores.size());
                for (int a = 0; a < scores.size(); a++) {
                    assertSame(scores.get(a), grpc.getBest().getRows(a));
                }
            }
            case SCORES_NOT_SET -> throw new AssertionError("no scores beside " + rest);
        }
    }

    private static void assertSame(JsonNode rest, SimilarityResponse.Row grpc) {
        assertThat(grpc.getValuesCount()).isEqualTo(rest.size());
        for (int b = 0; b < rest.size(); b++) {
            assertThat(grpc.getValues(b)).isCloseTo(rest.get(b).floatValue(), within(1e-5f));
        }
    }

    private static void assertSame(JsonNode rest, SimilarityResponse.Hits grpc) {
        assertThat(grpc.getHitsCount()).isEqualTo(rest.size());
        for (int place = 0; place < rest.size(); place++) {
            var hit = grpc.getHits(place);
            assertThat(hit.getIndex()).isEqualTo(rest.get(place).get("index").asInt());
            assertThat(hit.getScore())
                    .isCloseTo(rest.get(place).get("score").floatValue(), within(1e-5f));
        }
    }
}
