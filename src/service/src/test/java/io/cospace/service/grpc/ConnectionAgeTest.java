package io.cospace.service.grpc;

import static io.cospace.service.grpc.FakeGrpcServer.await;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ConnectionAgeTest {

    private static final ConnectionAge HALF_AN_HOUR =
            new ConnectionAge(Duration.ofMinutes(30), Duration.ofHours(1));

    /** The server's clock, which only moves when it is told to. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    @SuppressWarnings("NullAway.Init") // set before the first call
    private FakeGrpcServer server;

    private ManagedChannel channel(ConnectionAge age, double random) throws Exception {
        var connections = new GrpcConnections(age, nanos::get, () -> random);
        server = new FakeGrpcServer(Doors.open(), connections);
        ManagedChannel channel = server.channel();
        call(channel);
        return channel;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void call(ManagedChannel channel) {
        assertThat(EmbedderGrpc.newBlockingStub(channel).embed(text("now")).getItemsCount())
                .isEqualTo(1);
    }

    private static EmbedRequest text(String text) {
        return EmbedRequest.newBuilder().addInputs(Input.newBuilder().setText(text)).build();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The channel has nothing to call on until its next call connects anew. */
    private static void isSentAway(ManagedChannel channel) throws InterruptedException {
        await(() -> channel.getState(false) == ConnectivityState.IDLE);
    }

    /** The connection is still the first one: told to go, it would not be within two calls. */
    private static void stays(ManagedChannel channel) {
        call(channel);
        call(channel);
        assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
    }

    @ParameterizedTest
    @CsvSource({"0, 27", "0.5, 30", "1, 33"})
    void a_client_is_sent_away_at_its_age_give_or_take_a_tenth(double random, int minutes)
            throws Exception {
        ManagedChannel channel = channel(HALF_AN_HOUR, random);
        pass(Duration.ofMinutes(minutes).minusSeconds(1));
        stays(channel);

        pass(Duration.ofSeconds(2));
        call(channel);
        isSentAway(channel);

        // the new connection has its own age
        call(channel);
        stays(channel);
    }

    @Test
    void zero_lets_a_client_stay() throws Exception {
        ManagedChannel channel = channel(ConnectionAge.ANY, 0.5);
        pass(Duration.ofDays(100));
        stays(channel);
    }

    @Test
    void a_stream_on_an_old_connection_goes_on_to_its_end() throws Exception {
        ManagedChannel channel = channel(HALF_AN_HOUR, 0.5);
        StreamAnswers stream = new StreamAnswers();
        var out = EmbedderGrpc.newStub(channel).embedStream(stream);
        out.onNext(
                EmbedStreamRequest.newBuilder().setOptions(Options.getDefaultInstance()).build());
        out.onNext(StreamAnswers.input("before"));
        await(() -> stream.ids.size() == 1);

        pass(Duration.ofHours(1));
        call(channel);
        isSentAway(channel);
        out.onNext(StreamAnswers.input("after"));
        out.onCompleted();

        stream.end.get(20, TimeUnit.SECONDS);
        assertThat(stream.ids).containsExactly("before", "after");
    }

    @Test
    void what_outlasts_the_grace_is_cut_off() throws Exception {
        var age = new ConnectionAge(Duration.ofMinutes(30), Duration.ofMillis(200));
        ManagedChannel channel = channel(age, 0.5);
        server.tower.hold();
        var early = EmbedderGrpc.newFutureStub(channel).embed(text("early"));
        await(() -> server.tower.held().size() == 1);

        pass(Duration.ofHours(1));
        var late = EmbedderGrpc.newFutureStub(channel).embed(text("late"));

        await(() -> early.isDone() && late.isDone());
        assertThat(early).failsWithin(Duration.ofSeconds(1));
    }

    @Test
    void the_end_of_the_process_waits_no_longer_for_a_client_that_was_sent_away() throws Exception {
        ManagedChannel channel = channel(HALF_AN_HOUR, 0.5);
        server.tower.hold();
        var held = EmbedderGrpc.newFutureStub(channel).embed(text("held"));
        await(() -> server.tower.held().size() == 1);
        pass(Duration.ofHours(1));
        var _ = EmbedderGrpc.newFutureStub(channel).embed(text("tells it to go"));
        isSentAway(channel);

        var closed = server.connections.shutdown(Duration.ofMillis(200));

        assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
        assertThat(held).failsWithin(Duration.ofSeconds(20));
        server.tower.held().forEach(run -> run.complete(run()));
    }

    private static Tower.Run run() {
        return new Tower.Run(FakeModel.vectorOf("held"), 1, 1);
    }
}
