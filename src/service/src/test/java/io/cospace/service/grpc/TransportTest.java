package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shared port has to prove: time, cancelling, large messages, and broken clients. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class TransportTest {

    private static final int MIB = 1 << 20;

    private FakeGrpcServer server;
    private ManagedChannel channel;
    private HttpClient raw;

    @BeforeEach
    void connect() throws Exception {
        server = new FakeGrpcServer();
        channel = server.channel();
        raw =
                server.vertx.createHttpClient(
                        new HttpClientOptions()
                                .setDefaultHost(FakeGrpcServer.HOST)
                                .setDefaultPort(server.port())
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setHttp2ClearTextUpgrade(false));
    }

    @AfterEach
    void disconnect() throws Exception {
        get(raw.close().toCompletionStage());
        server.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static EmbedRequest text(String text) {
        return EmbedRequest.newBuilder().addInputs(Input.newBuilder().setText(text)).build();
    }

    /** A request on a connection of the test's own, with its head sent. */
    private HttpClientRequest open(String timeout) throws Exception {
        HttpClientRequest request =
                get(raw.request(HttpMethod.POST, "/cospace.v1.Embedder/Embed").toCompletionStage());
        request.putHeader("content-type", "application/grpc").putHeader("te", "trailers");
        if (!timeout.isEmpty()) {
            request.putHeader("grpc-timeout", timeout);
        }
        return request.setChunked(true);
    }

    private static Buffer frame(byte[] message) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
    }

    /** The status that a call ended with, in its trailers or its head. */
    private static CompletableFuture<String> status(HttpClientRequest request) {
        CompletableFuture<String> status = new CompletableFuture<>();
        request.response()
                .onFailure(status::completeExceptionally)
                .onSuccess(response -> readStatus(response, status));
        return status;
    }

    private static void readStatus(HttpClientResponse response, CompletableFuture<String> status) {
        response.end()
                .onFailure(status::completeExceptionally)
                .onSuccess(_ -> {
                    String inHead = response.getHeader("grpc-status");
                    status.complete(inHead == null ? response.getTrailer("grpc-status") : inHead);
                });
    }

    @Test
    void the_server_ends_a_call_at_the_time_it_named_itself() throws Exception {
        server.tower.hold();
        HttpClientRequest request = open("300m");
        CompletableFuture<String> status = status(request);
        get(request.end(frame(text("slow").toByteArray())).toCompletionStage());

        assertThat(get(status)).isEqualTo("4");
        assertThat(server.tower.held()).hasSize(1);
        // The client may hear of it before the work is given up.
        await(() -> server.tower.held().getFirst().isCancelled());
    }

    @Test
    void the_server_ends_a_call_whose_message_does_not_come() throws Exception {
        HttpClientRequest request = open("300m");
        CompletableFuture<String> status = status(request);
        get(request.write(frame(text("slow").toByteArray()).getBuffer(0, 7)).toCompletionStage());

        assertThat(get(status)).isEqualTo("4");
    }

    @Test
    void a_timeout_that_cannot_be_read_is_an_error() throws Exception {
        HttpClientRequest request = open("soon");
        CompletableFuture<String> status = status(request);
        get(request.end(frame(text("a").toByteArray())).toCompletionStage());

        assertThat(get(status)).isEqualTo("3");
    }

    @Test
    void a_client_that_cancels_frees_the_work() throws Exception {
        server.tower.hold();
        var call = EmbedderGrpc.newFutureStub(channel).embed(text("never"));
        await(() -> server.tower.held().size() == 1);
        call.cancel(true);

        await(() -> server.tower.held().getFirst().isCancelled());
    }

    @Test
    void a_connection_that_breaks_frees_the_work() throws Exception {
        server.tower.hold();
        HttpClientRequest request = open("");
        get(request.end(frame(text("never").toByteArray())).toCompletionStage());
        await(() -> server.tower.held().size() == 1);
        get(request.connection().close().toCompletionStage());

        await(() -> server.tower.held().getFirst().isCancelled());
    }

    @Test
    void a_message_of_32_mib_passes() {
        EmbedRequest request = ofSize(32 * MIB);
        EmbedResponse response =
                EmbedderGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(Duration.ofSeconds(60))
                        .embed(request);

        assertThat(request.getSerializedSize()).isEqualTo(32 * MIB);
        assertThat(response.getItemsCount()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"identity,33554433", "identity,50331648", "gzip,33554433"})
    void a_message_above_the_limit_is_told_the_limit_and_the_next_call_is_answered(
            String encoding, int bytes) {
        var embedder = EmbedderGrpc.newBlockingStub(channel);
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> embedder.withCompression(encoding).embed(ofSize(bytes)));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription())
                .matches("the (unpacked )?message is larger than 33554432 bytes");
        assertThat(embedder.embed(text("a")).getItemsCount()).isEqualTo(1);
    }

    @Test
    void a_compressed_message_that_unpacks_to_four_times_the_limit_is_cut_at_the_limit()
            throws Exception {
        java.io.ByteArrayOutputStream bomb = new java.io.ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[MIB];
            for (int i = 0; i < 128; i++) {
                gzip.write(zeros);
            }
        }
        HttpClientRequest request = open("").putHeader("grpc-encoding", "gzip");
        CompletableFuture<String> status = status(request);
        Buffer frame = frame(bomb.toByteArray());
        frame.setByte(0, (byte) 1);
        get(request.end(frame).toCompletionStage());

        assertThat(get(status)).isEqualTo("3");
    }

    @Test
    void bytes_that_are_no_message_are_an_error() throws Exception {
        HttpClientRequest request = open("");
        CompletableFuture<String> status = status(request);
        get(request.end(frame(new byte[] {10, 127, 1, 2})).toCompletionStage());

        assertThat(get(status)).isEqualTo("3");
    }

    @Test
    void a_call_without_a_message_is_an_error() throws Exception {
        HttpClientRequest request = open("");
        CompletableFuture<String> status = status(request);
        get(request.end().toCompletionStage());

        assertThat(get(status)).isEqualTo("3");
    }

    /** Two images, which make a message of exactly that many bytes. */
    private static EmbedRequest ofSize(int bytes) {
        int half = bytes / 2 - 20;
        EmbedRequest request =
                EmbedRequest.newBuilder().addInputs(image(half)).addInputs(image(half)).build();
        int missing = bytes - request.getSerializedSize();
        return EmbedRequest.newBuilder()
                .addInputs(image(half))
                .addInputs(image(half + missing))
                .build();
    }

    private static Input image(int bytes) {
        byte[] image = new byte[bytes];
        System.arraycopy("IMG".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, image, 0, 3);
        return Input.newBuilder().setImage(ByteString.copyFrom(image)).build();
    }
}
