package io.cospace.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.cospace.service.Damage;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.SimilarityRequest;
import io.cospace.service.grpc.v1.StreamInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames with a few bytes changed, from a fixed seed: each call ends with a status, which is none
 * of a fault of the service.
 */
@Timeout(300)
@SuppressWarnings("NullAway.Init") // set before each test
class FuzzTest {

    private static final int CALLS = 250;
    private static final Input TEXT = Input.newBuilder().setText("a text").build();
    private static final Input IMAGE =
            Input.newBuilder().setImage(ByteString.copyFromUtf8("IMG")).build();

    private FakeGrpcServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        server = new FakeGrpcServer();
        client =
                server.vertx.createHttpClient(
                        new HttpClientOptions()
                                .setDefaultHost(FakeGrpcServer.HOST)
                                .setDefaultPort(server.port())
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Buffer frames(String method) {
        return switch (method) {
            case "Embed" ->
                    frame(
                            EmbedRequest.newBuilder()
                                    .addInputs(TEXT)
                                    .addInputs(IMAGE)
                                    .build()
                                    .toByteArray());
            case "Similarity" ->
                    frame(
                            SimilarityRequest.newBuilder()
                                    .addA(TEXT)
                                    .addB(IMAGE)
                                    .build()
                                    .toByteArray());
            default ->
                    frame(
                                    EmbedStreamRequest.newBuilder()
                                            .setOptions(Options.newBuilder().setDimensions(4))
                                            .build()
                                            .toByteArray())
                            .appendBuffer(
                                    frame(
                                            EmbedStreamRequest.newBuilder()
                                                    .setInput(
                                                            StreamInput.newBuilder()
                                                                    .setId("1")
                                                                    .setInput(TEXT))
                                                    .build()
                                                    .toByteArray()));
        };
    }

    private static Buffer frame(byte[] message) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Embed", "Similarity", "EmbedStream", "Info"})
    void a_damaged_message_ends_with_a_status_as_documented(String method) throws Exception {
        List<byte[]> tokens =
                List.of(
                        new byte[5],
                        new byte[] {1},
                        new byte[] {0, 0, 0, 0, 1},
                        new byte[] {10, 0},
                        new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15},
                        "IMG".getBytes(UTF_8));
        Damage damage =
                new Damage(
                        RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_128), tokens);
        byte[] whole = method.equals("Info") ? new byte[5] : frames(method).getBytes();
        for (int i = 0; i < CALLS; i++) {
            byte[] damaged = damage.of(whole);
            assertThat(status(method, damaged))
                    .as("of call %d", i)
                    .isIn("0", "3", "5"); // OK, INVALID_ARGUMENT, NOT_FOUND
        }
        var answer =
                EmbedderGrpc.newBlockingStub(server.channel())
                        .embed(EmbedRequest.newBuilder().addInputs(TEXT).build());
        assertThat(answer.getItemsCount()).isEqualTo(1);
    }

    private String status(String method, byte[] frames) throws Exception {
        Future<String> status =
                client.request(HttpMethod.POST, "/cospace.v1.Embedder/" + method)
                        .compose(request -> send(request, frames));
        return status.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Future<String> send(HttpClientRequest request, byte[] frames) {
        request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
        return request.send(Buffer.buffer(frames))
                .compose(response ->
                        response.end()
                                .map(_ -> {
                                    String head = response.getHeader("grpc-status");
                                    return head == null ? response.getTrailer("grpc-status") : head;
                                }));
    }
}
