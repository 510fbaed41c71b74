package io.cospace.service.batching;

import static io.cospace.service.batching.HandDriven.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which entries share a run. Every test stands behind one busy dispatcher of two. */
@Timeout(10)
class BatchFormingTest {

    private final HandDriven hand = HandDriven.of(2);

    private Lane<String, String> laneBehindBusy(LaneSettings settings) {
        Lane<String, String> lane = hand.lane(settings);
        hand.occupy(0, lane);
        return lane;
    }

    private void submit(Lane<String, String> lane, String item, int units) {
        var _ = lane.submit(job(item, units, Priority.INTERACTIVE));
    }

    @Test
    void the_oldest_entry_leads_and_like_lengths_join_it() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("text", 8, 256));
        submit(lane, "long", 100);
        submit(lane, "short1", 5);
        submit(lane, "alsoLong", 95);
        submit(lane, "short2", 5);

        assertThat(hand.take(1)).containsExactly("long", "alsoLong");
        hand.end(1);
        assertThat(hand.take(1)).containsExactly("short1", "short2");
    }

    @Test
    void the_padded_budget_is_never_passed() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("text", 64, 256));
        for (int i = 0; i < 10; i++) {
            submit(lane, "t" + i, 60);
        }

        assertThat(hand.take(1)).containsExactly("t0", "t1", "t2", "t3");
    }

    @Test
    void an_entry_above_the_budget_runs_alone() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("text", 64, 256));
        submit(lane, "book", 512);
        submit(lane, "book2", 512);

        assertThat(hand.take(1)).containsExactly("book");
    }

    @Test
    void rows_are_limited() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("image", 4, 1_000));
        for (int i = 0; i < 6; i++) {
            submit(lane, "i" + i, 1);
        }

        assertThat(hand.take(1)).hasSize(4);
    }

    @Test
    void nothing_behind_the_look_ahead_is_considered() {
        LaneSettings narrow =
                new LaneSettings("text", 8, 256, 2, 0.2, Duration.ofDays(1), Duration.ZERO);
        Lane<String, String> lane = laneBehindBusy(narrow);
        submit(lane, "a", 10);
        submit(lane, "other1", 200);
        submit(lane, "other2", 200);
        submit(lane, "b", 10);

        assertThat(hand.take(1)).containsExactly("a");
    }

    @Test
    void an_entry_past_the_age_limit_joins_though_its_length_is_not_alike() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("text", 8, 256));
        submit(lane, "short", 5);
        submit(lane, "long", 100);
        hand.advance(Duration.ofMillis(200));
        submit(lane, "younger", 90);
        hand.advance(Duration.ofMillis(100));

        assertThat(hand.take(1)).containsExactly("short", "long");
    }

    @Test
    void like_lengths_go_before_aged_ones_so_that_overload_keeps_its_throughput() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("text", 8, 40));
        submit(lane, "a", 10);
        submit(lane, "long", 20);
        submit(lane, "b", 10);
        submit(lane, "c", 9);
        submit(lane, "d", 10);
        hand.advance(Duration.ofSeconds(5));

        assertThat(hand.take(1)).containsExactly("a", "b", "d", "c");
        hand.end(1);
        assertThat(hand.take(1)).containsExactly("long");
    }

    @Test
    void what_waits_is_split_over_the_idle_dispatchers() {
        HandDriven idle = HandDriven.of(2);
        Lane<String, String> lane = idle.lane(LaneSettings.of("text", 8, 256));
        var _ = lane.submitAll(List.of(Job.of("a", 5, 1), Job.of("b", 5, 1), Job.of("c", 5, 1)));

        assertThat(idle.take(0)).containsExactly("a", "b");
        assertThat(idle.take(1)).containsExactly("c");
    }

    @Test
    void a_lone_item_beside_idle_dispatchers_runs_on_all_cores() {
        HandDriven idle = HandDriven.of(2);
        Lane<String, String> lane = idle.lane(LaneSettings.of("text", 8, 256));
        submit(lane, "lone", 5);
        idle.runAll(0);
        submit(lane, "a", 5);
        submit(lane, "b", 5);
        idle.runAll(0);

        assertThat(idle.recorder.runs)
                .extracting(run -> run.placement().cores())
                .containsExactly(Cores.ALL, Cores.ONE, Cores.ALL);
    }

    @Test
    void a_lone_item_beside_a_busy_dispatcher_runs_on_one_core() {
        Lane<String, String> lane = laneBehindBusy(LaneSettings.of("text", 8, 256));
        submit(lane, "lone", 5);
        hand.runAll(1);

        assertThat(hand.recorder.runs)
                .singleElement()
                .satisfies(
                        run -> assertThat(run.placement()).isEqualTo(new Placement(1, Cores.ONE)));
    }

    @Test
    void the_only_dispatcher_has_one_session_and_uses_it() {
        HandDriven single = HandDriven.of(1);
        Lane<String, String> lane = single.lane(LaneSettings.of("text", 8, 256));
        submit(lane, "lone", 5);
        single.runAll(0);

        assertThat(single.recorder.runs)
                .singleElement()
                .satisfies(run -> assertThat(run.placement().cores()).isEqualTo(Cores.ONE));
    }

    @Test
    void max_wait_lets_a_batch_fill_but_a_full_one_starts_at_once() {
        LaneSettings patient =
                new LaneSettings(
                        "text", 2, 256, 128, 0.2, Duration.ofSeconds(1), Duration.ofMillis(5));
        Lane<String, String> lane = hand.lane(patient);
        submit(lane, "a", 5);
        assertThat(hand.dispatcher(0).step()).isFalse();
        hand.advance(Duration.ofMillis(5));
        assertThat(hand.take(0)).containsExactly("a");

        submit(lane, "b", 5);
        submit(lane, "c", 5);
        assertThat(hand.take(1)).containsExactly("b", "c");
    }

    @Test
    void padding_is_told_to_the_listener() {
        LaneSettings lenient =
                new LaneSettings("text", 8, 256, 128, 0.5, Duration.ofDays(1), Duration.ZERO);
        Lane<String, String> lane = laneBehindBusy(lenient);
        submit(lane, "a", 10);
        submit(lane, "b", 5);
        hand.runAll(1);

        assertThat(hand.recorder.runs)
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.rows()).isEqualTo(2);
                    assertThat(run.units()).isEqualTo(15);
                    assertThat(run.paddedUnits()).isEqualTo(20);
                    assertThat(run.paddingRatio()).isEqualTo(0.25);
                    assertThat(run.predictedMillis()).isEqualTo(15);
                });
    }
}
