package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.batching.BatchListener.DropReason;
import io.cospace.service.batching.BatchListener.Lookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Equal items, callers that leave, deadlines that pass, and the cache. */
@Timeout(10)
class SharingTest {

    private final HandDriven hand = HandDriven.of(1);
    private final Lane<String, String> lane = hand.lane(LaneSettings.of("text", 8, 1_000));

    private static Job<String> keyed(String item, Priority priority) {
        return new Job<>(item, 10, 1, priority, Job.NO_DEADLINE, item);
    }

    private Job<String> until(String item, Duration time) {
        return new Job<>(item, 10, 1, Priority.INTERACTIVE, hand.in(time), null);
    }

    @Test
    void equal_items_in_flight_are_computed_once() {
        var first = lane.submit(keyed("a", Priority.INTERACTIVE));
        var second = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.take(0);
        var third = lane.submit(keyed("a", Priority.INTERACTIVE));
        Crew.Member member = hand.engine.member(0);
        Batch<?, ?> none = hand.engine.advance(member);

        assertThat(none).isNull();
        assertThat(hand.recorder.lookups)
                .containsExactly(Lookup.MISS, Lookup.SHARED, Lookup.SHARED);
        assertThat(hand.dispatchers.load().items()).isZero();
        assertThat(List.of(first, second, third)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void all_callers_of_an_equal_item_get_the_same_answer() {
        var first = lane.submit(keyed("a", Priority.INTERACTIVE));
        var second = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.runAll(0);

        assertThat(hand.recorder.rows()).containsExactly(1);
        assertThat(first.join().value()).isEqualTo("A").isSameAs(second.join().value());
    }

    @Test
    void an_equal_item_after_the_answer_is_computed_again() {
        var first = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.runAll(0);
        var second = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.runAll(0);

        assertThat(hand.recorder.rows()).containsExactly(1, 1);
        assertThat(first.join().value()).isEqualTo(second.join().value());
    }

    @Test
    void a_first_caller_that_leaves_does_not_take_the_others_with_it() {
        var first = lane.submit(keyed("a", Priority.INTERACTIVE));
        var second = lane.submit(keyed("a", Priority.INTERACTIVE));
        first.cancel(false);
        hand.runAll(0);

        assertThat(first).isCancelled();
        assertThat(second.join().value()).isEqualTo("A");
        assertThat(hand.recorder.dropped).isEmpty();
    }

    @Test
    void an_entry_that_everybody_left_costs_nothing() {
        hand.occupy(0, lane);
        var first = lane.submit(keyed("a", Priority.INTERACTIVE));
        var second = lane.submit(keyed("a", Priority.INTERACTIVE));
        assertThat(hand.dispatchers.load().items()).isEqualTo(2);
        first.cancel(false);
        assertThat(hand.dispatchers.load().items()).isEqualTo(1);
        second.cancel(false);
        assertThat(hand.dispatchers.load()).isEqualTo(new QueueLoad(0, 0, 0, 1, 1, 0));
        hand.end(0);

        assertThat(hand.runAll(0)).isZero();
        assertThat(hand.recorder.dropped).containsExactly(DropReason.CANCELLED);
        var again = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.runAll(0);
        assertThat(again.join().value()).isEqualTo("A");
    }

    @Test
    void an_interactive_caller_takes_an_equal_bulk_item_with_it() {
        var other = lane.submit(keyed("z", Priority.BULK));
        var bulk = lane.submit(keyed("a", Priority.BULK));
        var interactive = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.dispatcher(0).step();

        assertThat(hand.recorder.runs)
                .singleElement()
                .satisfies(run -> assertThat(run.priority()).isEqualTo(Priority.INTERACTIVE));
        assertThat(bulk.join().value()).isEqualTo(interactive.join().value());
        assertThat(other).isNotDone();
    }

    @Test
    void a_stage_that_depends_on_an_answer_can_be_cancelled_without_leaving() {
        var first = lane.submit(Job.of("a", 10, 1));
        var stage = first.thenApply(Answer::value);
        stage.cancel(false);
        hand.runAll(0);

        assertThat(first.join().value()).isEqualTo("A");
    }

    @Test
    void a_late_entry_is_dropped_before_it_costs_anything() {
        hand.occupy(0, lane);
        var late = lane.submit(until("late", Duration.ofMillis(50)));
        var patient = lane.submit(until("patient", Duration.ofMillis(500)));
        hand.advance(Duration.ofMillis(45));
        hand.end(0);
        hand.runAll(0);

        assertThat(hand.recorder.rows()).containsExactly(1);
        assertThat(late.exceptionNow())
                .isInstanceOfSatisfying(
                        DroppedException.class,
                        e -> assertThat(e.reason()).isEqualTo(DroppedException.Reason.LATE))
                .hasMessage("the deadline cannot be met any more; predicted run 10.0 ms");
        assertThat(patient.join().value()).isEqualTo("PATIENT");
        assertThat(hand.recorder.dropped).containsExactly(DropReason.LATE);
    }

    @Test
    void the_watchdog_fails_a_late_entry_while_every_dispatcher_is_busy() {
        hand.occupy(0, lane);
        var late = lane.submit(until("late", Duration.ofMillis(50)));
        hand.supervisor.tick();
        assertThat(late).isNotDone();
        hand.advance(Duration.ofMillis(50));
        hand.supervisor.tick();

        assertThat(late.exceptionNow()).isInstanceOf(DroppedException.class);
        assertThat(hand.dispatchers.load().items()).isZero();
    }

    @Test
    void a_shared_entry_is_late_only_when_every_caller_is() {
        hand.occupy(0, lane);
        long soon = hand.in(Duration.ofMillis(50));
        var hasty = lane.submit(new Job<>("a", 10, 1, Priority.INTERACTIVE, soon, "a"));
        var patient = lane.submit(keyed("a", Priority.INTERACTIVE));
        hand.advance(Duration.ofMillis(60));
        hand.end(0);
        hand.runAll(0);

        assertThat(patient.join().value()).isEqualTo("A");
        assertThat(hasty).isDone();
    }

    @Test
    void a_cached_answer_needs_no_run() {
        Map<Object, String> kept = new HashMap<>();
        Lane<String, String> cached =
                hand.dispatchers.lane(
                        LaneSettings.of("text", 8, 1_000),
                        CostModel.linear(0, 1),
                        HandDriven::upperCase,
                        result -> true,
                        cacheOf(kept));
        var first = cached.submit(keyed("a", Priority.INTERACTIVE));
        hand.runAll(0);
        List<CompletableFuture<Answer<String>>> mixed =
                cached.submitAll(
                        List.of(
                                keyed("b", Priority.INTERACTIVE),
                                keyed("a", Priority.INTERACTIVE),
                                keyed("c", Priority.INTERACTIVE)));
        assertThat(mixed).extracting(CompletableFuture::isDone).containsExactly(false, true, false);
        hand.runAll(0);

        assertThat(mixed).extracting(f -> f.join().value()).containsExactly("B", "A", "C");
        assertThat(mixed.get(1).join()).isEqualTo(new Answer<>("A", 0, 0, 0));
        assertThat(kept).containsOnlyKeys("a", "b", "c");
        assertThat(first.join().value()).isSameAs(mixed.get(1).join().value());
        assertThat(hand.recorder.lookups)
                .containsExactly(Lookup.MISS, Lookup.MISS, Lookup.HIT, Lookup.MISS);

        assertThat(cached.recall("b", Priority.BULK)).isEqualTo(new Answer<>("B", 0, 0, 0));
        assertThat(cached.recall("d", Priority.BULK)).isNull();
        assertThat(hand.recorder.lookups).as("only what is found counts").hasSize(5);
        assertThat(hand.recorder.lookups.getLast()).isEqualTo(Lookup.HIT);
    }

    @Test
    void a_broken_cache_costs_no_answer() {
        List<String> calls = new ArrayList<>();
        Lane<String, String> cached =
                hand.dispatchers.lane(
                        LaneSettings.of("text", 8, 1_000),
                        CostModel.linear(0, 1),
                        HandDriven::upperCase,
                        result -> true,
                        new ContentCache<>() {
                            @Override
                            public @Nullable String get(Object key) {
                                calls.add("get");
                                throw new IllegalStateException("cache is broken");
                            }

                            @Override
                            public void put(Object key, String value) {
                                calls.add("put");
                                throw new IllegalStateException("cache is broken");
                            }
                        });
        var future = cached.submit(keyed("a", Priority.INTERACTIVE));
        hand.runAll(0);

        assertThat(future.join().value()).isEqualTo("A");
        assertThat(calls).containsExactly("get", "put");
    }

    private static ContentCache<String> cacheOf(Map<Object, String> kept) {
        return new ContentCache<>() {
            @Override
            public @Nullable String get(Object key) {
                return kept.get(key);
            }

            @Override
            public void put(Object key, String value) {
                kept.put(key, value);
            }
        };
    }
}
