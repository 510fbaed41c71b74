package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in a run, and who pays for it. */
@Timeout(10)
class FailureTest {

    private final HandDriven hand = HandDriven.of(2);

    private Lane<String, String> lane(BatchFunction<String, String> function) {
        Lane<String, String> lane =
                hand.dispatchers.lane(
                        LaneSettings.of("text", 64, 4_096),
                        CostModel.linear(0, 1),
                        function,
                        result -> !result.equals("NaN"));
        var _ = lane.submit(Job.of("busy", 1, 1));
        hand.take(0);
        return lane;
    }

    private static List<Job<String>> jobs(int count, int guilty) {
        List<Job<String>> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(Job.of(i == guilty ? "poison" : "item" + i, 4, 1));
        }
        return jobs;
    }

    private void assertOnlyGuiltyFails(
            List<CompletableFuture<Answer<String>>> futures, int guilty) {
        for (int i = 0; i < futures.size(); i++) {
            if (i == guilty) {
                assertThat(futures.get(i).exceptionNow()).isInstanceOf(RunFailedException.class);
            } else {
                assertThat(futures.get(i).join().value()).isEqualTo("ITEM" + i);
            }
        }
        assertThat(hand.recorder.failures).hasSize(1);
    }

    @Test
    void a_poison_item_among_63_good_ones_is_found_in_13_runs() {
        Lane<String, String> lane =
                lane((items, placement) -> {
                    if (items.contains("poison")) {
                        throw new IllegalArgumentException("cannot digest");
                    }
                    return HandDriven.upperCase(items, placement);
                });
        var futures = lane.submitAll(jobs(64, 37));
        hand.runAll(1);

        assertOnlyGuiltyFails(futures, 37);
        assertThat(hand.recorder.runs).hasSize(13);
        assertThat(hand.recorder.runs).filteredOn(BatchRun::succeeded).hasSize(6);
    }

    @Test
    void an_invalid_result_is_treated_like_an_exception() {
        Lane<String, String> lane =
                lane((items, placement) ->
                        items.stream()
                                .map(i -> i.equals("poison") ? "NaN" : i.toUpperCase(Locale.ROOT))
                                .toList());
        var futures = lane.submitAll(jobs(8, 5));
        hand.runAll(1);

        assertOnlyGuiltyFails(futures, 5);
        assertThat(futures.get(5).exceptionNow())
                .hasRootCauseMessage("text gave an invalid result in slot 0 of 1");
    }

    @Test
    void a_wrong_number_of_results_is_never_paired_with_items() {
        Lane<String, String> lane =
                lane((items, placement) ->
                        items.size() > 1
                                ? HandDriven.upperCase(items.subList(1, items.size()), placement)
                                : HandDriven.upperCase(items, placement));
        var futures = lane.submitAll(jobs(8, -1));
        hand.runAll(1);

        for (int i = 0; i < futures.size(); i++) {
            assertThat(futures.get(i).join().value()).isEqualTo("ITEM" + i);
        }
        assertThat(hand.recorder.failures).isEmpty();
    }

    @Test
    void callers_that_leave_during_the_search_are_not_run_again() {
        List<CompletableFuture<Answer<String>>> futures = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        Lane<String, String> lane =
                lane((items, placement) -> {
                    rows.add(items.size());
                    futures.subList(0, 7).forEach(future -> future.cancel(false));
                    throw new IllegalArgumentException("cannot digest");
                });
        futures.addAll(lane.submitAll(jobs(8, -1)));
        hand.runAll(1);

        assertThat(rows).containsExactly(8, 1);
        assertThat(futures.get(7).exceptionNow()).isInstanceOf(RunFailedException.class);
        assertThat(hand.recorder.dropped)
                .hasSize(7)
                .containsOnly(BatchListener.DropReason.CANCELLED);
    }

    @Test
    void an_error_ends_the_thread_and_the_next_one_goes_on_with_the_halves() {
        Lane<String, String> lane =
                lane((items, placement) -> {
                    if (items.contains("poison")) {
                        throw new StackOverflowError("too deep");
                    }
                    return HandDriven.upperCase(items, placement);
                });
        var futures = lane.submitAll(jobs(8, 3));
        for (int thread = 0; thread < 5; thread++) {
            hand.runAll(1);
        }

        assertOnlyGuiltyFails(futures, 3);
        assertThat(hand.started).containsExactly(1, 1, 1, 1);
        assertThat(hand.recorder.replaced)
                .hasSize(4)
                .containsOnly("died: java.lang.StackOverflowError: too deep");
        assertThat(hand.dispatchers.load().busy()).isEqualTo(1);
        assertThat(hand.dispatchers.stuck()).isEmpty();
    }

    @Test
    void an_interrupt_left_by_a_run_does_not_reach_the_next() {
        Lane<String, String> lane =
                lane((items, placement) -> {
                    Thread.currentThread().interrupt();
                    return HandDriven.upperCase(items, placement);
                });
        var future = lane.submit(Job.of("a", 1, 1));
        hand.runAll(1);

        assertThat(future.join().value()).isEqualTo("A");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_run_that_does_not_come_back_fails_its_callers_and_is_reported() {
        Lane<String, String> lane = lane(HandDriven::upperCase);
        var overdue = lane.submit(Job.of("slow", 3_000, 1));
        hand.take(1);
        var waiting = lane.submit(Job.of("waits", 1, 1));
        hand.end(0);
        hand.advance(Duration.ofSeconds(90));
        hand.supervisor.tick();
        assertThat(hand.dispatchers.stuck()).isEmpty();
        assertThat(overdue).isNotDone();

        hand.advance(Duration.ofMillis(1));
        hand.supervisor.tick();

        String reason =
                "dispatcher 1 has run 1 items of lane text for over 90 s; predicted 3.000 s";
        assertThat(hand.dispatchers.stuck()).contains(reason);
        assertThat(overdue.exceptionNow())
                .isInstanceOf(RunFailedException.class)
                .hasMessage(reason);
        assertThat(hand.started).containsExactly(1);
        hand.runAll(1);
        assertThat(waiting.join().value()).isEqualTo("WAITS");
    }

    @Test
    void a_short_run_is_not_called_stuck_before_the_floor() {
        Lane<String, String> lane = lane(HandDriven::upperCase);
        var future = lane.submit(Job.of("quick", 1, 1));
        hand.take(1);
        hand.end(0);
        hand.advance(Duration.ofSeconds(60));
        hand.supervisor.tick();

        assertThat(hand.dispatchers.stuck()).isEmpty();
        assertThat(future).isNotDone();
    }

    @Test
    void a_stuck_run_that_comes_back_late_ends_the_alarm_and_its_thread() {
        Lane<String, String> lane = lane(HandDriven::upperCase);
        var overdue = lane.submit(Job.of("slow", 1, 1));
        Crew.Member stuck = hand.engine.member(1);
        hand.take(1);
        hand.end(0);
        hand.advance(Duration.ofSeconds(61));
        hand.supervisor.tick();
        assertThat(hand.dispatchers.stuck()).isPresent();
        assertThat(hand.dispatchers.load().busy()).isZero();

        assertThat(hand.engine.advance(stuck)).isNull();

        assertThat(hand.dispatchers.stuck()).isEmpty();
        assertThat(hand.engine.member(1)).isNotSameAs(stuck);
        assertThat(hand.dispatchers.load().busy()).isZero();
        assertThat(overdue).isCompletedExceptionally();
    }

    @Test
    void no_more_threads_are_started_than_there_are_dispatchers_to_replace() {
        Lane<String, String> lane = lane(HandDriven::upperCase);
        hand.end(0);
        List<CompletableFuture<Answer<String>>> futures = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (int index = 0; index < 2; index++) {
                if (hand.dispatchers.load().busy() < 2) {
                    futures.add(lane.submit(Job.of("stuck", 1, 1)));
                    hand.take(index);
                }
            }
            hand.advance(Duration.ofSeconds(61));
            hand.supervisor.tick();
        }

        assertThat(hand.started).containsExactly(0, 1);
        assertThat(futures).hasSize(4).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(hand.dispatchers.load().busy()).isEqualTo(2);
    }

    @Test
    void a_thread_that_cannot_be_had_is_reported_and_tried_again() {
        List<Integer> tried = new ArrayList<>();
        Engine engine = hand.engine;
        Supervisor poor =
                new Supervisor(
                        engine,
                        (supervisor, member) -> {
                            tried.add(member.index);
                            if (tried.size() < 3) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                        });
        poor.died(engine.member(0), new IllegalStateException("boom"));
        assertThat(engine.stuck())
                .contains(
                        "no thread for dispatcher 0: java.lang.OutOfMemoryError: unable to create"
                                + " native thread");
        poor.tick();
        assertThat(engine.stuck()).isPresent();
        poor.tick();

        assertThat(engine.stuck()).isEmpty();
        assertThat(tried).containsExactly(0, 0, 0);
    }

    @Test
    void a_listener_that_throws_stops_nothing() {
        Engine engine =
                new Engine(
                        DispatcherSettings.of(1, QueueLimits.defaults()),
                        new BatchListener() {
                            @Override
                            public void ran(BatchRun run) {
                                throw new IllegalStateException("metrics are broken");
                            }
                        },
                        hand::now);
        Lane<String, String> lane =
                new Dispatchers(engine)
                        .lane(
                                LaneSettings.of("text", 1, 1),
                                CostModel.linear(0, 1),
                                HandDriven::upperCase,
                                result -> true);
        var future = lane.submit(Job.of("a", 1, 1));
        new Dispatcher(new Supervisor(engine, (s, m) -> {}), engine.member(0)).step();

        assertThat(future.join().value()).isEqualTo("A");
    }

    @Test
    void drain_fails_what_is_left_at_the_timeout() throws Exception {
        Lane<String, String> lane = lane(HandDriven::upperCase);
        var waiting = lane.submit(Job.of("waits", 1, 1));

        assertThat(hand.dispatchers.drain(Duration.ZERO)).isFalse();

        assertThat(waiting.exceptionNow())
                .isInstanceOfSatisfying(
                        DroppedException.class,
                        e -> assertThat(e.reason()).isEqualTo(DroppedException.Reason.DRAINED));
        assertThat(hand.dispatchers.load().items()).isZero();
        assertThatThrownBy(() -> lane.submit(Job.of("late", 1, 1)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the text lane is shutting down");
    }

    @Test
    void one_lane_drains_while_another_serves() throws Exception {
        Lane<String, String> old = hand.lane(LaneSettings.of("old", 8, 64));
        Lane<String, String> fresh = hand.lane(LaneSettings.of("new", 8, 64));

        assertThat(old.drain(Duration.ZERO)).isTrue();

        var future = fresh.submit(Job.of("a", 1, 1));
        hand.runAll(0);
        assertThat(future.join().value()).isEqualTo("A");
        assertThatThrownBy(() -> old.submit(Job.of("b", 1, 1)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the old lane is shutting down");
    }
}
