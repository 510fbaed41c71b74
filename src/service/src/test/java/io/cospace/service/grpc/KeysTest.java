package io.cospace.service.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Doors;
import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.StreamInput;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the door says over gRPC. */
@Timeout(60)
class KeysTest {

    @TempDir Path folder;

    private Admission keyed(String line) throws Exception {
        return Doors.keyed(Files.writeString(folder.resolve("keys"), line));
    }

    private static EmbedRequest texts(int count) {
        EmbedRequest.Builder request = EmbedRequest.newBuilder();
        for (int i = 0; i < count; i++) {
            request.addInputs(Input.newBuilder().setText("text " + i));
        }
        return request.build();
    }

    private static EmbedderGrpc.EmbedderBlockingStub with(
            FakeGrpcServer server, String name, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return EmbedderGrpc.newBlockingStub(server.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static StatusRuntimeException failure(
            EmbedderGrpc.EmbedderBlockingStub embedder, EmbedRequest request) {
        return requireNonNull(
                catchThrowableOfType(StatusRuntimeException.class, () -> embedder.embed(request)));
    }

    @Test
    void asks_for_a_key_and_takes_it_from_either_field() throws Exception {
        try (FakeGrpcServer server = new FakeGrpcServer(keyed(Doors.line("alpha", "search")))) {
            StatusRuntimeException none =
                    failure(EmbedderGrpc.newBlockingStub(server.channel()), texts(1));
            assertThat(none.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(failure(with(server, "x-api-key", "beta"), texts(1)).getStatus().getCode())
                    .isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(with(server, "x-api-key", "alpha").embed(texts(1)).getItemsCount())
                    .isEqualTo(1);
            assertThat(
                            with(server, "authorization", "Bearer alpha")
                                    .embed(texts(1))
                                    .getItemsCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_key_for_bulk_makes_its_calls_bulk() throws Exception {
        Admission bulk = keyed(Doors.line("alpha", "indexer class=bulk"));
        try (FakeGrpcServer server = new FakeGrpcServer(bulk)) {
            assertThat(with(server, "x-api-key", "alpha").embed(texts(1)).getItemsCount())
                    .isEqualTo(1);
            assertThat(server.tower.calls())
                    .extracting(CallContext::priority)
                    .containsExactly(Priority.BULK);
        }
    }

    @Test
    void limits_the_items_of_a_key_and_says_when_to_come_back() throws Exception {
        Admission slow = keyed(Doors.line("alpha", "search items_per_second=0.1 burst=4"));
        try (FakeGrpcServer server = new FakeGrpcServer(slow)) {
            var embedder = with(server, "x-api-key", "alpha");
            assertThat(embedder.embed(texts(3)).getItemsCount()).isEqualTo(3);

            StatusRuntimeException failure = failure(embedder, texts(2));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            com.google.rpc.Status status = requireNonNull(StatusProto.fromThrowable(failure));
            assertThat(status.getDetails(1).unpack(RetryInfo.class).getRetryDelay().getSeconds())
                    .isBetween(5L, 9L);
        }
    }

    @Test
    void a_stream_slows_down_to_the_rate_of_its_key_and_loses_nothing() throws Exception {
        Admission slow = keyed(Doors.line("alpha", "search items_per_second=50 burst=5"));
        try (FakeGrpcServer server = new FakeGrpcServer(slow)) {
            AtomicInteger answers = new AtomicInteger();
            CompletableFuture<Status> end = new CompletableFuture<>();
            long start = System.nanoTime();
            Metadata metadata = new Metadata();
            metadata.put(Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER), "alpha");
            StreamObserver<EmbedStreamRequest> call =
                    EmbedderGrpc.newStub(server.channel())
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                            .embedStream(
                                    new StreamObserver<>() {
                                        @Override
                                        public void onNext(EmbedStreamResponse response) {
                                            if (response.getItem().getItem().hasEmbedding()) {
                                                answers.incrementAndGet();
                                            }
                                        }

                                        @Override
                                        public void onError(Throwable failure) {
                                            end.complete(Status.fromThrowable(failure));
                                        }

                                        @Override
                                        public void onCompleted() {
                                            end.complete(Status.OK);
                                        }
                                    });
            call.onNext(
                    EmbedStreamRequest.newBuilder()
                            .setOptions(Options.getDefaultInstance())
                            .build());
            for (int i = 0; i < 25; i++) {
                call.onNext(
                        EmbedStreamRequest.newBuilder()
                                .setInput(
                                        StreamInput.newBuilder()
                                                .setInput(Input.newBuilder().setText("t" + i)))
                                .build());
            }
            call.onCompleted();

            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(Status.OK);
            assertThat(answers).hasValue(25);
            // 5 at once, 20 more at 50 a second
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(400));
        }
    }

    @Test
    void refuses_by_the_predicted_wait_and_says_when_to_come_back() throws Exception {
        try (FakeGrpcServer server = new FakeGrpcServer(Doors.waiting(Duration.ofSeconds(12)))) {
            StatusRuntimeException failure =
                    failure(EmbedderGrpc.newBlockingStub(server.channel()), texts(1));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            com.google.rpc.Status status = requireNonNull(StatusProto.fromThrowable(failure));
            assertThat(status.getDetails(1).unpack(RetryInfo.class).getRetryDelay().getSeconds())
                    .isEqualTo(12);
        }
    }
}
