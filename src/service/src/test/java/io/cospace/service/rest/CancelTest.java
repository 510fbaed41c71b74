package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.HeldModel;
import io.cospace.service.metrics.Meters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that goes while its items wait: they are not run, and counted. */
@Timeout(120)
class CancelTest {

    /** Names of a call's way to the service and of how its client goes. */
    enum Leaving {
        HTTP1_DISCONNECT,
        HTTP1_LINES_DISCONNECT,
        HTTP2_RESET,
        HTTP2_LINES_RESET,
        HTTP2_DISCONNECT
    }

    private static final int CANCEL = 8;

    private final Meters meters = new Meters();
    private final HeldModel model = new HeldModel(meters.metrics());
    private final FakeServer server = FakeServer.of(model.model(), meters.metrics());

    @AfterEach
    void stop() {
        model.close();
        server.close();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as("happened within 30 s").isTrue();
    }

    private CompletableFuture<HttpResponse<String>> call(String inputs) {
        CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() ->
                        answer.complete(
                                server.client().json("/embed", "{\"inputs\": " + inputs + "}")));
        return answer;
    }

    @ParameterizedTest
    @EnumSource
    void an_item_that_waits_for_its_run_is_dropped(Leaving leaving) throws Exception {
        var stays = call("\"stays\"");
        await(() -> model.texts() == 1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Client client = new Client(socket, leaving);
            client.send("{\"text\": \"goes\"}");
            await(() -> model.waiting() == 1);
            assertThat(meters.dropped("cancelled")).isZero();
            client.leave();
            meters.awaitDropped("cancelled", 1);
        }
        model.release();

        assertThat(stays.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(call("\"comes\"").get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(model.texts()).as("runs of what stayed and what came").isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void an_image_that_waits_for_its_decoding_is_dropped(Leaving leaving) throws Exception {
        var stays = call("[{\"image\": \"SU1H\"}, {\"image\": \"SU1G\"}, \"stays\"]");
        await(() -> model.images() == FakeServer.IMAGE_THREADS && model.texts() == 1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Client client = new Client(socket, leaving);
            // The image is on its way before the text, which tells when.
            client.send("{\"image\": \"SU1I\"}", "{\"text\": \"goes\"}");
            await(() -> model.waiting() == 1);
            client.leave();
            meters.awaitDropped("cancelled", 1);
        }
        model.release();

        assertThat(stays.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        meters.awaitDropped("cancelled", 2);
        assertThat(model.images()).as("decoded images").isEqualTo(FakeServer.IMAGE_THREADS);
    }

    /** One call by hand, and its end. */
    private static final class Client {

        private final Socket socket;
        private final Leaving leaving;
        private final Http2Frames frames;

        Client(Socket socket, Leaving leaving) throws IOException {
            this.socket = socket;
            this.leaving = leaving;
            this.frames = new Http2Frames(socket.getOutputStream());
        }

        void send(String... inputs) throws IOException {
            String list = "{\"inputs\": [" + String.join(", ", inputs) + "]}";
            String lines = "{}\n" + String.join("\n", inputs) + "\n";
            switch (leaving) {
                case HTTP1_DISCONNECT -> http1("application/json", list);
                case HTTP1_LINES_DISCONNECT -> http1("application/x-ndjson", lines);
                case HTTP2_RESET, HTTP2_DISCONNECT -> {
                    frames.begin();
                    frames.post(1, "/embed", list.getBytes(US_ASCII));
                }
                case HTTP2_LINES_RESET -> {
                    frames.begin();
                    frames.head(1, "/embed", "application/x-ndjson");
                    frames.frame(Http2Frames.DATA, 0, 1, lines.getBytes(US_ASCII));
                }
            }
        }

        private void http1(String type, String body) throws IOException {
            String head =
                    "POST /embed HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                            .formatted(type, body.length());
            socket.getOutputStream().write((head + body).getBytes(US_ASCII));
        }

        void leave() throws IOException {
            switch (leaving) {
                case HTTP1_DISCONNECT, HTTP1_LINES_DISCONNECT, HTTP2_DISCONNECT -> socket.close();
                case HTTP2_RESET, HTTP2_LINES_RESET ->
                        frames.frame(Http2Frames.RST_STREAM, 0, 1, new byte[] {0, 0, 0, CANCEL});
            }
        }
    }
}
