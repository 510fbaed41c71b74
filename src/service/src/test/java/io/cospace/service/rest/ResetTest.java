package io.cospace.service.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.Tower;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that resets its HTTP/2 stream has gone, though its connection is still there. */
@Timeout(60)
class ResetTest {

    private static final long CANCEL = 8;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false));
    private final BlockingQueue<CompletableFuture<Tower.Run>> runs = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws Exception {
        Void _ = get(vertx.close());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private CompletableFuture<Tower.Run> hold() {
        CompletableFuture<Tower.Run> run = new CompletableFuture<>();
        runs.add(run);
        return run;
    }

    private HttpClientRequest begin(FakeServer server) throws Exception {
        HttpClientRequest request =
                get(client.request(HttpMethod.POST, server.port(), "127.0.0.1", "/embed"));
        request.putHeader("Content-Type", "application/json");
        return request;
    }

    @Test
    void gives_up_the_items_of_a_stream_that_is_reset() throws Exception {
        try (FakeServer server = FakeServer.withTower(this::hold)) {
            HttpClientRequest reset = begin(server);
            HttpClientRequest stays = begin(server);
            var _ = reset.send(Buffer.buffer("{\"inputs\": \"a\"}"));
            CompletableFuture<Tower.Run> first = runs.take();
            var answer = stays.send(Buffer.buffer("{\"inputs\": \"b\"}"));
            CompletableFuture<Tower.Run> second = runs.take();

            assertThat(reset.reset(CANCEL)).isTrue();

            assertThat(first)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(java.util.concurrent.CancellationException.class);
            assertThat(second).isNotDone();
            second.complete(new Tower.Run(new float[] {1, 0, 0, 0, 0, 0, 0, 0}, 1, 1));
            assertThat(get(answer).statusCode()).isEqualTo(200);
        }
    }
}
