package io.cospace.service.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.service.batching.BatchListener;
import io.cospace.service.batching.CostModel;
import io.cospace.service.batching.DispatcherSettings;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.batching.Job;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.Priority;
import io.cospace.service.batching.QueueLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainTest {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final Admission admission = Doors.open();
    private final Dispatchers dispatchers =
            Dispatchers.start(DispatcherSettings.of(1, QueueLimits.defaults()), BatchListener.NONE);
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    @AfterEach
    void stop() {
        dispatchers.close();
    }

    private Permit enter() {
        return admission.enter(Credentials.NONE, Priority.INTERACTIVE, Optional.empty());
    }

    private Drain drain(Duration timeout, Drain.Pause pause) {
        return new Drain(
                new Drain.Times(LONG, timeout),
                admission,
                dispatchers,
                time -> {
                    steps.add("connections are told");
                    return closed;
                },
                pause);
    }

    @Test
    void lets_calls_in_until_the_delay_is_over() throws Exception {
        closed.complete(null);
        Drain[] drain = new Drain[1];
        drain[0] =
                drain(
                        LONG,
                        time -> {
                            assertThat(time).isEqualTo(LONG);
                            assertThat(drain[0].isLeaving()).isTrue();
                            enter().close();
                            steps.add("let in");
                        });
        assertThat(drain[0].isLeaving()).isFalse();

        assertThat(drain[0].run()).isTrue();

        assertThat(steps).containsExactly("let in", "connections are told");
        assertThatThrownBy(this::enter)
                .isInstanceOfSatisfying(
                        RefusalException.class,
                        e -> assertThat(e.refusal()).isInstanceOf(Refusal.Draining.class));
    }

    @Test
    void ends_when_the_last_call_is_closed_and_its_answer_written() throws Exception {
        closed.complete(null);
        Permit first = enter();
        Permit second = enter();
        Runnable written = second.delivering();
        CountDownLatch told = new CountDownLatch(2);
        first.onDrain(told::countDown);
        second.onDrain(() -> {});
        CompletableFuture<Boolean> done = run(drain(LONG, time -> {}));
        while (!first.isDraining()) {
            Thread.sleep(1);
        }
        first.onDrain(told::countDown); // at once, since it has begun
        told.await();

        first.close();
        second.close();
        assertThat(done).isNotDone();
        written.run();
        assertThat(done.join()).isTrue();
    }

    @Test
    void says_so_when_calls_are_not_finished_in_time() throws Exception {
        closed.complete(null);
        Permit permit = enter();
        assertThat(drain(SHORT, time -> {}).run()).isFalse();
        permit.close();
    }

    @Test
    void gives_up_at_the_timeout_what_waits_and_hears_its_callers_out() throws Exception {
        closed.complete(null);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        var lane =
                dispatchers.<String, String>lane(
                        LaneSettings.of("text", 1, 1),
                        CostModel.linear(1, 1),
                        (items, placement) -> {
                            running.countDown();
                            finish.await();
                            return items;
                        },
                        value -> true);
        Permit permit = enter();
        var runs = lane.submit(Job.of("runs", 1, 1));
        running.await();
        var waits = lane.submit(Job.of("waits", 1, 1));
        var both =
                CompletableFuture.allOf(runs, waits).whenComplete((done, thrown) -> permit.close());
        var failed =
                waits.whenComplete((answer, thrown) -> {
                    steps.add(String.valueOf(thrown));
                    finish.countDown(); // the batch in hand ends after the rest was given up
                });

        assertThat(drain(SHORT, time -> {}).run()).isFalse();

        assertThat(failed).isCompletedExceptionally();
        assertThat(steps.getLast()).contains("shut down before the item's turn came");
        assertThat(runs.join().value()).isEqualTo("runs");
        assertThat(both).isDone();
    }

    @Test
    void cuts_off_a_client_that_keeps_its_connection_open() throws Exception {
        assertThat(drain(LONG, time -> {}).run()).isTrue();
        assertThat(closed).isNotDone();
    }

    private static CompletableFuture<Boolean> run(Drain drain) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return drain.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
