package io.cospace.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.Rejections;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.StreamInput;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of gRPC that never open their window. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class UnreadAnswerTest {

    private final Rejections rejections = new Rejections();
    private FakeGrpcServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeGrpcServer(300, rejections);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Input text() {
        return Input.newBuilder().setText("a").build();
    }

    private HttpClientRequest open(String method) throws Exception {
        var options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setInitialSettings(new Http2Settings().setInitialWindowSize(0));
        HttpClientRequest request =
                get(
                        server.vertx
                                .createHttpClient(options)
                                .request(
                                        HttpMethod.POST,
                                        server.port(),
                                        FakeGrpcServer.HOST,
                                        "/cospace.v1.Embedder/" + method));
        request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
        return request.setChunked(true);
    }

    private static Buffer frame(byte[] message) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
    }

    private static CompletableFuture<Throwable> end(HttpClientRequest request) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        request.exceptionHandler(end::complete);
        request.response().onSuccess(response -> response.exceptionHandler(end::complete));
        return end;
    }

    private void assertReset(CompletableFuture<Throwable> end) throws Exception {
        assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
        assertThat(rejections.reasons()).containsExactly("client-stalled");
        var answer =
                EmbedderGrpc.newBlockingStub(server.channel())
                        .embed(EmbedRequest.newBuilder().addInputs(text()).build());
        assertThat(answer.getItemsCount()).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_not_read_is_given_up_and_its_stream_reset() throws Exception {
        HttpClientRequest request = open("Embed");
        CompletableFuture<Throwable> end = end(request);
        byte[] message = EmbedRequest.newBuilder().addInputs(text()).build().toByteArray();
        Void _ = get(request.end(frame(message)));

        assertReset(end);
    }

    @Test
    void a_stream_that_is_not_read_is_given_up_with_all_its_inputs() throws Exception {
        server.tower.hold();
        HttpClientRequest request = open("EmbedStream");
        CompletableFuture<Throwable> end = end(request);
        Void _ =
                get(
                        request.write(
                                frame(
                                        EmbedStreamRequest.newBuilder()
                                                .setOptions(Options.getDefaultInstance())
                                                .build()
                                                .toByteArray())));
        Void _ =
                get(
                        request.write(
                                frame(
                                        EmbedStreamRequest.newBuilder()
                                                .setInput(StreamInput.newBuilder().setInput(text()))
                                                .build()
                                                .toByteArray())));

        assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
        FakeGrpcServer.await(
                () -> server.tower.held().stream().allMatch(CompletableFuture::isCancelled));
        assertThat(rejections.reasons()).containsExactly("client-stalled");
    }
}
