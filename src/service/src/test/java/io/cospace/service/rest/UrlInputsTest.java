package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.UrlImages;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images by URL in every body that has inputs. */
@Timeout(60)
class UrlInputsTest {

    private static final String URL = "https://x.example/a.jpg";

    private final Queue<CompletableFuture<UrlImages.Fetched>> pending =
            new ConcurrentLinkedQueue<>();

    private CompletableFuture<UrlImages.Fetched> fetch(String url, Duration most) {
        CompletableFuture<UrlImages.Fetched> image = new CompletableFuture<>();
        if (url.endsWith(".jpg")) {
            image.complete(new UrlImages.Fetched("IMG".getBytes(UTF_8), () -> {}));
        } else if (url.endsWith(".html")) {
            image.complete(new UrlImages.Fetched("<html>".getBytes(UTF_8), () -> {}));
        } else if (url.endsWith("/slow")) {
            pending.add(image);
        } else {
            image.completeExceptionally(
                    new ProblemException(new Problem.UrlFailed("'" + url + "': status 404")));
        }
        return image;
    }

    @Test
    void gives_an_image_by_url_the_vector_that_its_bytes_have() {
        try (FakeServer server = FakeServer.fetching(this::fetch)) {
            ApiClient api = server.client();
            String bytes = api.json("/embed", "{\"inputs\": {\"image\": \"SU1H\"}}").body();
            String vector = bytes.replaceFirst(".*\"embedding\":(\\[[^]]*]).*", "$1");
            for (String key : new String[] {"image", "image_url"}) {
                String item = "{\"%s\": \"%s\"}".formatted(key, URL);
                assertThat(api.json("/embed", "{\"inputs\": [" + item + "]}").body())
                        .isEqualTo(bytes);
                assertThat(api.json("/v1/embeddings", "{\"input\": [" + item + "]}").body())
                        .contains(vector);
                assertThat(
                                api.post(
                                                "/embed",
                                                "application/x-ndjson",
                                                ("{}\n" + item + "\n").getBytes(UTF_8))
                                        .body())
                        .contains(vector);
                assertThat(
                                api.json(
                                                "/similarity",
                                                "{\"a\": %s, \"b\": {\"image\": \"SU1H\"}}"
                                                        .formatted(item))
                                        .body())
                        .contains("\"scores\":[[1.0");
            }
        }
    }

    @Test
    void keeps_what_does_not_come_with_its_item() {
        try (FakeServer server = FakeServer.fetching(this::fetch)) {
            String inputs =
                    "[{\"image_url\": \"%s\"}, {\"image_url\": \"https://x.example/none\"},"
                                    .formatted(URL)
                            + " {\"image_url\": \"https://x.example/a.html\"}]";
            HttpResponse<String> items =
                    server.client()
                            .json("/embed", "{\"on_error\": \"item\", \"inputs\": " + inputs + "}");
            assertThat(items.statusCode()).isEqualTo(200);
            assertThat(items.body())
                    .contains(
                            "\"index\":1,\"modality\":\"image\",\"error\":{\"type\":\"/problems/url-failed\"")
                    .contains("status 404")
                    .contains("\"error\":{\"type\":\"/problems/image-unreadable\"");
            HttpResponse<String> call =
                    server.client().json("/embed", "{\"inputs\": " + inputs + "}");
            assertThat(call.statusCode()).isEqualTo(422);
            assertThat(call.body()).contains("/problems/url-failed").contains("\"index\":1");
        }
    }

    @Test
    void gives_the_fetching_up_at_the_time_of_the_call() {
        try (FakeServer server = FakeServer.fetching(this::fetch)) {
            HttpResponse<String> late =
                    server.client()
                            .json(
                                    "/embed",
                                    "{\"inputs\": {\"image_url\": \"https://x.example/slow\"}}",
                                    "X-Request-Timeout-Ms",
                                    "100");
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(pending).hasSize(1).allMatch(CompletableFuture::isCancelled);
        }
    }
}
