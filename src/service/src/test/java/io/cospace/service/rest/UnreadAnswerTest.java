package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cospace.service.Rejections;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not read their answers, and one that only takes its time. */
@Timeout(120)
class UnreadAnswerTest {

    private static final String STALLED = "client-stalled";
    private static final String NDJSON = "application/x-ndjson";

    /**
     * A million scores of different texts, about 11 MB: more than the kernel keeps for both ends of
     * a connection.
     */
    private static final String MATRIX = "{\"a\": %1$s, \"b\": %1$s}".formatted(texts(1_000));

    private final Vertx vertx = Vertx.vertx();
    private final Rejections rejections = new Rejections();

    private static String texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"w" + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @AfterEach
    void close() throws Exception {
        Void _ = get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void an_answer_that_is_not_read_costs_its_client_the_connection() throws Exception {
        try (FakeServer server = FakeServer.cuttingOff(300, rejections);
                Socket socket = connect(server)) {
            send(socket, "/similarity", MATRIX);
            rejections.await(STALLED);

            assertThat(catchThrowable(() -> readAll(socket))).hasMessageContaining("reset");
            assertThat(rejections.reasons()).containsExactly(STALLED);
            assertThat(server.client().json("/embed", "{\"inputs\": \"a\"}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_answer_that_is_read_slowly_comes_whole() throws Exception {
        long pauseMillis = 3_000;
        try (FakeServer server = FakeServer.cuttingOff(pauseMillis, rejections);
                Socket socket = connect(server)) {
            send(socket, "/similarity", MATRIX);
            InputStream in = socket.getInputStream();
            String head = head(in);
            int length =
                    Integer.parseInt(head.replaceAll("(?is).*content-length: ([0-9]+).*", "$1"));
            int left = length;
            // The whole takes longer than the server waits for one that reads nothing.
            int piece = length / 60;
            while (left > 0) {
                byte[] read = in.readNBytes(Math.min(left, piece));
                assertThat(read).isNotEmpty();
                left -= read.length;
                TimeUnit.MILLISECONDS.sleep(2 * pauseMillis / 60);
            }

            assertThat(length).isGreaterThan(8 << 20);
            assertThat(rejections.reasons()).isEmpty();
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    @Test
    void a_bulk_call_whose_lines_are_not_read_is_cut_off() throws Exception {
        try (FakeServer server = FakeServer.cuttingOff(300, rejections);
                Socket socket = connect(server)) {
            OutputStream out = socket.getOutputStream();
            String head =
                    "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n{}\n"
                            .formatted(NDJSON, 1L << 40);
            out.write(head.getBytes(US_ASCII));
            byte[] lines = "{\"text\":\"a word or two\"}\n".repeat(1_000).getBytes(UTF_8);
            CompletableFuture<Throwable> sending =
                    CompletableFuture.supplyAsync(
                            () -> catchThrowable(() -> writeForEver(out, lines)));
            rejections.await(STALLED);

            assertThat(sending.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    private static void writeForEver(OutputStream out, byte[] lines) throws IOException {
        while (true) {
            out.write(lines);
        }
    }

    @Test
    void a_stream_of_http2_whose_window_stays_shut_is_reset_and_its_connection_stays()
            throws Exception {
        try (FakeServer server = FakeServer.cuttingOff(300, rejections)) {
            for (String type : new String[] {"application/json", NDJSON}) {
                HttpClientRequest request = withShutWindow(server);
                request.putHeader("Content-Type", "application/json").putHeader("Accept", type);
                CompletableFuture<Throwable> end = new CompletableFuture<>();
                CompletableFuture<Buffer> pong = new CompletableFuture<>();
                request.exceptionHandler(end::complete);
                request.response()
                        .onSuccess(response ->
                                response.exceptionHandler(thrown -> {
                                    // On the event loop: else the pong may come before it is waited
                                    // for.
                                    var _ =
                                            request.connection()
                                                    .ping(Buffer.buffer("12345678"))
                                                    .onSuccess(pong::complete);
                                    end.complete(thrown);
                                }));
                Void _ = get(request.end("{\"inputs\": [\"a\"]}"));

                assertThat(end.get(30, TimeUnit.SECONDS))
                        .isInstanceOfSatisfying(
                                StreamResetException.class,
                                reset -> assertThat(reset.getCode()).isEqualTo(8));
                assertThat(pong.get(30, TimeUnit.SECONDS)).isNotNull();
            }
            assertThat(rejections.reasons()).containsExactly(STALLED, STALLED);
        }
    }

    private HttpClientRequest withShutWindow(FakeServer server) throws Exception {
        var options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setInitialSettings(new Http2Settings().setInitialWindowSize(0));
        return get(
                vertx.createHttpClient(options)
                        .request(HttpMethod.POST, server.port(), "127.0.0.1", "/embed"));
    }

    @Test
    void a_connection_of_http2_that_is_not_read_at_all_is_closed() throws Exception {
        try (FakeServer server = FakeServer.cuttingOff(300, rejections);
                Socket socket = connect(server)) {
            Http2Frames frames = new Http2Frames(socket.getOutputStream());
            frames.begin();
            frames.post(1, "/similarity", MATRIX.getBytes(UTF_8));
            rejections.await(STALLED);

            assertThat(catchThrowable(() -> readAll(socket))).hasMessageContaining("reset");
        }
    }

    private static byte[] readAll(Socket socket) throws IOException {
        // What had arrived is still read; then comes the end, by a reset.
        return socket.getInputStream().readAllBytes();
    }

    /** With a small buffer, so that the server's side fills. */
    private static Socket connect(FakeServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 << 10);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return socket;
    }

    private static void send(Socket socket, String path, String body) throws IOException {
        String head =
                "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, body.length());
        socket.getOutputStream().write((head + body).getBytes(US_ASCII));
    }
}
