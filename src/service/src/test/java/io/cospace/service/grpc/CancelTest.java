package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.cospace.service.embedding.HeldModel;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedResponse;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.cospace.service.grpc.v1.StreamInput;
import io.cospace.service.metrics.Meters;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client of gRPC that goes while its items wait: they are not run, and counted. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // set before each test
class CancelTest {

    /** How a client goes. */
    enum Leaving {
        CANCEL,
        STREAM_CANCEL,
        DISCONNECT
    }

    private final Meters meters = new Meters();
    private final HeldModel model = new HeldModel(meters.metrics());
    private FakeGrpcServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeGrpcServer(model.model(), meters.metrics());
    }

    @AfterEach
    void stop() {
        model.close();
        server.close();
    }

    private static Input text(String text) {
        return Input.newBuilder().setText(text).build();
    }

    private static Input image(String image) {
        return Input.newBuilder().setImage(ByteString.copyFromUtf8(image)).build();
    }

    private Future<EmbedResponse> call(Input... inputs) {
        return EmbedderGrpc.newFutureStub(server.channel()).embed(request(inputs));
    }

    private static EmbedRequest request(Input... inputs) {
        EmbedRequest.Builder request = EmbedRequest.newBuilder();
        for (Input input : inputs) {
            request.addInputs(input);
        }
        return request.build();
    }

    @ParameterizedTest
    @EnumSource
    void an_item_that_waits_for_its_run_is_dropped(Leaving leaving) throws Exception {
        var stays = call(text("stays"));
        await(() -> model.texts() == 1);
        Runnable leave = send(leaving, text("goes"));
        await(() -> model.waiting() == 1);
        assertThat(meters.dropped("cancelled")).isZero();
        leave.run();
        meters.awaitDropped("cancelled", 1);
        model.release();

        assertThat(stays.get(30, TimeUnit.SECONDS).getItemsCount()).isEqualTo(1);
        assertThat(call(text("comes")).get(30, TimeUnit.SECONDS).getItemsCount()).isEqualTo(1);
        assertThat(model.texts()).as("runs of what stayed and what came").isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void an_image_that_waits_for_its_decoding_is_dropped(Leaving leaving) throws Exception {
        var stays = call(image("IMG1"), image("IMG2"), text("stays"));
        await(() -> model.images() == FakeGrpcServer.IMAGE_THREADS && model.texts() == 1);
        // The image is on its way before the text, which tells when.
        Runnable leave = send(leaving, image("IMG3"), text("goes"));
        await(() -> model.waiting() == 1);
        leave.run();
        meters.awaitDropped("cancelled", 1);
        model.release();

        assertThat(stays.get(30, TimeUnit.SECONDS).getItemsCount()).isEqualTo(3);
        meters.awaitDropped("cancelled", 2);
        assertThat(model.images()).as("decoded images").isEqualTo(FakeGrpcServer.IMAGE_THREADS);
    }

    /** Sends a call; what is returned leaves it. */
    private Runnable send(Leaving leaving, Input... inputs) {
        ManagedChannel channel = server.channel();
        return switch (leaving) {
            case CANCEL -> {
                var call = EmbedderGrpc.newFutureStub(channel).embed(request(inputs));
                yield () -> call.cancel(true);
            }
            case DISCONNECT -> {
                var _ = EmbedderGrpc.newFutureStub(channel).embed(request(inputs));
                yield channel::shutdownNow;
            }
            case STREAM_CANCEL -> stream(channel, inputs);
        };
    }

    private static Runnable stream(ManagedChannel channel, Input... inputs) {
        ClientCall<EmbedStreamRequest, EmbedStreamResponse> call =
                channel.newCall(EmbedderGrpc.getEmbedStreamMethod(), io.grpc.CallOptions.DEFAULT);
        StreamObserver<EmbedStreamRequest> stream =
                ClientCalls.asyncBidiStreamingCall(
                        call,
                        new StreamObserver<>() {
                            @Override
                            public void onNext(EmbedStreamResponse response) {}

                            @Override
                            public void onError(Throwable thrown) {}

                            @Override
                            public void onCompleted() {}
                        });
        stream.onNext(
                EmbedStreamRequest.newBuilder().setOptions(Options.getDefaultInstance()).build());
        for (Input input : inputs) {
            StreamInput one = StreamInput.newBuilder().setInput(input).build();
            stream.onNext(EmbedStreamRequest.newBuilder().setInput(one).build());
        }
        return () -> call.cancel("enough", null);
    }
}
