package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Tower;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.StreamInput;
import io.cospace.service.grpc.v1.StreamItem;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class EmbedStreamTest {

    private FakeGrpcServer server;
    private ManagedChannel channel;

    @BeforeEach
    void connect() throws Exception {
        server = new FakeGrpcServer();
        channel = server.channel();
    }

    @AfterEach
    void disconnect() {
        server.close();
    }

    private static EmbedStreamRequest options(Options.Builder options) {
        return EmbedStreamRequest.newBuilder().setOptions(options).build();
    }

    private static EmbedStreamRequest input(String id, String text) {
        return EmbedStreamRequest.newBuilder()
                .setInput(
                        StreamInput.newBuilder()
                                .setId(id)
                                .setInput(Input.newBuilder().setText(text)))
                .build();
    }

    /** A stream whose answers are read when the test asks for them. */
    private final class Stream
            implements ClientResponseObserver<EmbedStreamRequest, EmbedStreamResponse> {

        final BlockingQueue<EmbedStreamResponse> responses = new LinkedBlockingQueue<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();
        private @Nullable ClientCallStreamObserver<EmbedStreamRequest> call;

        ClientCallStreamObserver<EmbedStreamRequest> open() {
            var _ = EmbedderGrpc.newStub(channel).embedStream(this);
            if (call == null) {
                throw new AssertionError("the stream did not open");
            }
            return call;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<EmbedStreamRequest> stream) {
            stream.disableAutoRequestWithInitial(0);
            call = stream;
        }

        @Override
        public void onNext(EmbedStreamResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        EmbedStreamResponse next() throws InterruptedException {
            EmbedStreamResponse response = responses.poll(30, TimeUnit.SECONDS);
            if (response == null) {
                throw new AssertionError(
                        "no answer; the stream ended with " + end.getNow(Status.OK));
            }
            return response;
        }
    }

    @Test
    void answers_two_thousand_inputs_under_their_own_ids() throws Exception {
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(options(Options.newBuilder()));
        for (int i = 0; i < 2_000; i++) {
            call.onNext(input("id-" + i, "text number " + i));
        }
        call.onCompleted();

        assertThat(stream.next().getHeader().getModel()).isEqualTo("fake/1");
        Map<String, StreamItem> items = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            StreamItem item = stream.next().getItem();
            assertThat(items.put(item.getId(), item)).isNull();
        }
        assertThat(stream.end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        for (int i = 0; i < 2_000; i += 97) {
            StreamItem item = requireNonNull(items.get("id-" + i));
            assertThat(item.getItem().getEmbedding().getValues(0))
                    .isEqualTo(FakeModel.vectorOf("text number " + i)[0]);
        }
    }

    @Test
    void a_bad_input_answers_with_its_problem_and_ends_nothing() throws Exception {
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(options(Options.newBuilder().setDimensions(4)));
        call.onNext(input("bad", "poison"));
        call.onNext(input("empty", " "));
        call.onNext(input("good", "cat"));
        call.onCompleted();

        assertThat(stream.next().getHeader().getDimensions()).isEqualTo(4);
        Map<String, StreamItem> items = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            StreamItem item = stream.next().getItem();
            items.put(item.getId(), item);
        }
        assertThat(requireNonNull(items.get("bad")).getItem().getProblem().getName())
                .isEqualTo("inference-failed");
        assertThat(requireNonNull(items.get("empty")).getItem().getProblem().getName())
                .isEqualTo("text-empty");
        assertThat(requireNonNull(items.get("good")).getItem().getEmbedding().getValuesCount())
                .isEqualTo(4);
        assertThat(stream.end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void an_input_that_the_full_queue_refuses_is_tried_again() throws Exception {
        server.tower.refuse(20);
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(options(Options.newBuilder()));
        for (int i = 0; i < 10; i++) {
            call.onNext(input("id-" + i, "text " + i));
        }
        call.onCompleted();

        assertThat(stream.end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        assertThat(stream.responses.stream().skip(1))
                .hasSize(10)
                .allMatch(response -> response.getItem().getItem().hasEmbedding());
        assertThat(server.tower.calls())
                .extracting(CallContext::priority)
                .containsOnly(Priority.BULK);
    }

    @Test
    void no_more_than_256_inputs_are_in_flight() throws Exception {
        server.tower.hold();
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(options(Options.newBuilder()));
        for (int i = 0; i < 1_000; i++) {
            call.onNext(input("id-" + i, "text"));
        }
        await(() -> server.tower.runs() == EmbedStream.WINDOW);
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(server.tower.runs()).isEqualTo(EmbedStream.WINDOW);

        for (int i = 0; i < 10; i++) {
            server.tower.held().get(i).complete(new Tower.Run(FakeModel.vectorOf("x"), 1, 1));
        }
        await(() -> server.tower.runs() == EmbedStream.WINDOW + 10);
        call.cancel("enough", null);
        await(() -> server.tower.held().stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void a_client_that_does_not_read_is_not_read_either() throws Exception {
        channel = server.channelWithWindow(65_535);
        Stream stream = new Stream();
        var call = stream.open();
        call.onNext(options(Options.newBuilder()));
        for (int i = 0; i < 8_000; i++) {
            call.onNext(input("id-" + i, "text"));
        }
        call.onCompleted();
        int before = -1;
        while (before != server.tower.runs()) {
            before = server.tower.runs();
            TimeUnit.MILLISECONDS.sleep(300);
        }

        assertThat(before).isBetween(EmbedStream.WINDOW, 3_000);
        call.request(Integer.MAX_VALUE);
        assertThat(stream.end.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        assertThat(stream.responses).hasSize(8_001);
    }

    @Test
    void a_stream_must_begin_with_its_options() throws Exception {
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(input("a", "text"));

        Status end = stream.end.get(30, TimeUnit.SECONDS);
        assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(end.getDescription())
                .isEqualTo("the request: the first message of a stream must hold options");
    }

    @Test
    void options_that_cannot_be_served_end_the_stream() throws Exception {
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(options(Options.newBuilder().setDimensions(5)));

        Status end = stream.end.get(30, TimeUnit.SECONDS);
        assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(end.getDescription()).startsWith("dimensions is 5; this model gives [2, 4, 8]");
    }

    @Test
    void an_empty_stream_ends_at_once() throws Exception {
        Stream stream = new Stream();
        var call = stream.open();
        call.request(Integer.MAX_VALUE);
        call.onNext(options(Options.newBuilder()));
        call.onCompleted();

        assertThat(stream.end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
        assertThat(stream.responses).hasSize(1);
    }
}
