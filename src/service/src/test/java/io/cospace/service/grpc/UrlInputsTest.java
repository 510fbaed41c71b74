package io.cospace.service.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.UrlImages;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.OnError;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images by URL in messages. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
class UrlInputsTest {

    private final Queue<CompletableFuture<UrlImages.Fetched>> pending =
            new ConcurrentLinkedQueue<>();
    private final AtomicInteger released = new AtomicInteger();
    private FakeGrpcServer server;
    private EmbedderGrpc.EmbedderBlockingStub embedder;

    @BeforeEach
    void connect() throws Exception {
        server = new FakeGrpcServer(this::fetch);
        embedder = EmbedderGrpc.newBlockingStub(server.channel());
    }

    @AfterEach
    void disconnect() {
        server.close();
    }

    private CompletableFuture<UrlImages.Fetched> fetch(String url, Duration most) {
        CompletableFuture<UrlImages.Fetched> image = new CompletableFuture<>();
        if (url.endsWith("/slow")) {
            pending.add(image);
        } else if (url.endsWith("/none")) {
            image.completeExceptionally(
                    new ProblemException(new Problem.UrlFailed("'" + url + "': status 404")));
        } else {
            byte[] bytes = (url.endsWith(".jpg") ? "IMG" : "<html>").getBytes(UTF_8);
            image.complete(new UrlImages.Fetched(bytes, released::incrementAndGet));
        }
        return image;
    }

    private static Input url(String path) {
        return Input.newBuilder().setImageUrl("https://x.example/" + path).build();
    }

    @Test
    void gives_an_image_by_url_the_vector_that_its_bytes_have() {
        Input bytes = Input.newBuilder().setImage(ByteString.copyFromUtf8("IMG")).build();
        EmbedResponse answer =
                embedder.embed(
                        EmbedRequest.newBuilder().addInputs(url("a.jpg")).addInputs(bytes).build());

        assertThat(answer.getItems(0).getEmbedding().getValuesList())
                .isNotEmpty()
                .isEqualTo(answer.getItems(1).getEmbedding().getValuesList());
        assertThat(answer.getUsage().getImages()).isEqualTo(2);
        assertThat(released).hasValue(1);
    }

    @Test
    void keeps_what_does_not_come_with_its_item() {
        EmbedRequest request =
                EmbedRequest.newBuilder()
                        .setOnError(OnError.ON_ERROR_ITEM)
                        .addInputs(url("a.jpg"))
                        .addInputs(url("none"))
                        .addInputs(url("a.html"))
                        .build();
        EmbedResponse answer = embedder.embed(request);

        assertThat(answer.getItems(0).hasEmbedding()).isTrue();
        assertThat(answer.getItems(1).getProblem().getName()).isEqualTo("url-failed");
        assertThat(answer.getItems(1).getProblem().getDetail()).contains("status 404");
        assertThat(answer.getItems(2).getProblem().getName()).isEqualTo("image-unreadable");
        EmbedRequest failing = request.toBuilder().setOnError(OnError.ON_ERROR_FAIL).build();
        assertThat(
                        catchThrowableOfType(
                                StatusRuntimeException.class, () -> embedder.embed(failing)))
                .hasMessageStartingWith("INVALID_ARGUMENT: inputs[1]: ");
    }

    @Test
    void gives_the_fetching_up_at_the_time_of_the_call() throws Exception {
        var late =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                embedder.withDeadlineAfter(3, TimeUnit.SECONDS)
                                        .embed(
                                                EmbedRequest.newBuilder()
                                                        .addInputs(url("slow"))
                                                        .build()));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        FakeGrpcServer.await(() -> pending.stream().allMatch(CompletableFuture::isCancelled));
        assertThat(pending).hasSize(1);
    }
}
