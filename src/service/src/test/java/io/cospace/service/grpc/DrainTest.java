package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Tower;
import io.cospace.service.grpc.v1.EmbedRequest;
import io.cospace.service.grpc.v1.EmbedderGrpc;
import io.cospace.service.grpc.v1.Input;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
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

            server.connections.shutdown(Duration.ofSeconds(30));

            // GOAWAY: the channel gives the connection up, though a call is still in flight on it
            await(() -> channel.getState(false) == ConnectivityState.IDLE);
            assertThat(held.isDone()).isFalse();
            server.tower
                    .held()
                    .getFirst()
                    .complete(new Tower.Run(FakeModel.vectorOf("in flight"), 1, 1));
            assertThat(held.get(20, TimeUnit.SECONDS).getItemsCount()).isEqualTo(1);
        }
    }

    @Test
    void a_connection_that_comes_during_the_drain_is_sent_away_after_its_call() throws Exception {
        try (FakeGrpcServer server = new FakeGrpcServer()) {
            server.connections.shutdown(Duration.ofSeconds(30));
            ManagedChannel channel = server.channel();

            assertThat(EmbedderGrpc.newBlockingStub(channel).embed(text("late")).getItemsCount())
                    .isEqualTo(1);
            await(() -> channel.getState(false) == ConnectivityState.IDLE);
        }
    }
}
