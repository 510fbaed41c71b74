package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.admission.Admission;
import io.cospace.service.admission.Doors;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Tower;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.cospace.service.grpc.v1.Options;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainTest {

    private static EmbedRequest text(String text) {
        return EmbedRequest.newBuilder().addInputs(Input.newBuilder().setText(text)).build();
    }

    @Test
    void finishes_the_calls_in_flight_and_sends_the_client_elsewhere() throws Exception {
        try (FakeGrpcServer server = new FakeGrpcServer()) {
            ManagedChannel channel = server.channel();
            server.tower.hold();
            var held = EmbedderGrpc.newFutureStub(channel).embed(text("in flight"));
            await(() -> server.tower.held().size() == 1);
            assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);

            var closed = server.connections.shutdown(Duration.ofSeconds(30));

            // GOAWAY: the channel gives the connection up, though a call is still in flight on it
            await(() -> channel.getState(false) == ConnectivityState.IDLE);
            assertThat(held.isDone()).isFalse();
            server.tower
                    .held()
                    .getFirst()
                    .complete(new Tower.Run(FakeModel.vectorOf("in flight"), 1, 1));
            assertThat(held.get(20, TimeUnit.SECONDS).getItemsCount()).isEqualTo(1);
            assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_connection_that_comes_during_the_drain_is_sent_away_after_its_call() throws Exception {
        try (FakeGrpcServer server = new FakeGrpcServer()) {
            var _ = server.connections.shutdown(Duration.ofSeconds(30));
            ManagedChannel channel = server.channel();

            assertThat(EmbedderGrpc.newBlockingStub(channel).embed(text("late")).getItemsCount())
                    .isEqualTo(1);
            await(() -> channel.getState(false) == ConnectivityState.IDLE);
        }
    }

    @Test
    void a_stream_answers_what_was_read_of_it_and_ends() throws Exception {
        Admission admission = Doors.open();
        try (FakeGrpcServer server = new FakeGrpcServer(admission)) {
            server.tower.hold();
            StreamAnswers answers = new StreamAnswers();
            var out = EmbedderGrpc.newStub(server.channel()).embedStream(answers);
            out.onNext(
                    EmbedStreamRequest.newBuilder()
                            .setOptions(Options.getDefaultInstance())
                            .build());
            out.onNext(StreamAnswers.input("read"));
            await(() -> server.tower.held().size() == 1);

            admission.drain();
            assertThat(answers.ids).isEmpty();
            server.tower
                    .held()
                    .getFirst()
                    .complete(new Tower.Run(FakeModel.vectorOf("read"), 1, 1));

            await(() -> answers.end.isDone());
            assertThat(answers.ids).containsExactly("read");
            assertThat(Status.fromThrowable(answers.end.exceptionNow()).getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
        }
    }
}
