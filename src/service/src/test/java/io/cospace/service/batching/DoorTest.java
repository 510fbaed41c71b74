package io.cospace.service.batching;

import static io.cospace.service.batching.HandDriven.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is turned away, and what they are told. */
@Timeout(10)
class DoorTest {

    private final HandDriven hand =
            new HandDriven(
                    DispatcherSettings.of(2, new QueueLimits(100, 1_000, Duration.ofSeconds(1))));
    private final Lane<String, String> lane = hand.lane(LaneSettings.of("text", 8, 10_000));

    private RefusedException refusal(Job<String> job) {
        RefusedException refusal =
                catchThrowableOfType(RefusedException.class, () -> lane.submit(job));
        assertThat(refusal).as("the call is refused").isNotNull();
        return refusal;
    }

    private void submit(int units, Priority priority) {
        var _ = lane.submit(job("x", units, priority));
    }

    private static Job<String> until(long deadlineNanos, int units) {
        return new Job<>("x", units, 1, Priority.INTERACTIVE, deadlineNanos, null);
    }

    @Test
    void the_predicted_wait_is_the_work_of_all_lanes_over_the_dispatchers() {
        Lane<String, String> other = hand.lane(LaneSettings.of("image", 8, 1_000));
        submit(100, Priority.INTERACTIVE);
        hand.take(0);
        submit(60, Priority.INTERACTIVE);
        hand.take(1);
        submit(200, Priority.INTERACTIVE);
        var _ = other.submit(job("y", 40, Priority.INTERACTIVE));
        hand.advance(Duration.ofMillis(50));

        // (50 + 10 still to run + 240 queued) / 2
        assertThat(hand.dispatchers.predictedWait(Priority.INTERACTIVE))
                .isEqualTo(Duration.ofMillis(150));
    }

    @Test
    void nobody_waits_while_a_dispatcher_idles() {
        submit(100, Priority.INTERACTIVE);
        hand.take(0);

        assertThat(hand.dispatchers.predictedWait(Priority.INTERACTIVE)).isEqualTo(Duration.ZERO);
    }

    @Test
    void interactive_waits_for_a_quarter_of_bulk_and_bulk_for_all_that_passes_it() {
        submit(1, Priority.INTERACTIVE);
        hand.take(0);
        submit(1, Priority.INTERACTIVE);
        hand.take(1);
        hand.advance(Duration.ofMillis(1));
        submit(80, Priority.INTERACTIVE);
        submit(400, Priority.BULK);

        assertThat(hand.dispatchers.predictedWait(Priority.INTERACTIVE))
                .isEqualTo(Duration.ofMillis((80 + 20) / 2));
        assertThat(hand.dispatchers.predictedWait(Priority.BULK))
                .isEqualTo(Duration.ofMillis((400 + 80) / 2));
    }

    @Test
    void refuses_when_the_wait_passes_its_limit_and_tells_the_wait() {
        submit(1_000, Priority.INTERACTIVE);
        hand.take(0);
        submit(1_000, Priority.INTERACTIVE);
        hand.take(1);
        submit(100, Priority.INTERACTIVE);

        RefusedException refusal = refusal(job("y", 1, Priority.INTERACTIVE));

        assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.QUEUE_SECONDS);
        assertThat(refusal.predictedWait()).isEqualTo(Duration.ofMillis(1_050));
        assertThat(refusal).hasMessage("the predicted wait is 1050 ms; at most 1000 ms");
        assertThat(hand.recorder.refused).containsExactly(RefusedException.Reason.QUEUE_SECONDS);
    }

    @Test
    void refuses_a_deadline_that_the_wait_and_the_own_cost_pass() {
        submit(200, Priority.INTERACTIVE);
        hand.take(0);
        submit(200, Priority.INTERACTIVE);
        hand.take(1);

        RefusedException refusal = refusal(until(hand.in(Duration.ofMillis(204)), 10));

        assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.DEADLINE);
        assertThat(refusal)
                .hasMessage("the answer would take 205.0 ms; the deadline is in 204.0 ms");
        assertThat(lane.submit(until(hand.in(Duration.ofMillis(205)), 10))).isNotDone();
    }

    @Test
    void refuses_more_bytes_than_may_wait() {
        var _ = lane.submit(Job.of("big", 1, 900));

        RefusedException refusal = refusal(Job.of("another", 1, 101));

        assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.QUEUE_BYTES);
        assertThat(refusal).hasMessage("900 bytes wait and 101 more came; at most 1000 may wait");
        assertThat(hand.dispatchers.load().bytes()).isEqualTo(900);
    }

    @Test
    void what_has_left_the_queue_makes_room() {
        var first = lane.submit(Job.of("big", 1, 900));
        assertThat(refusal(Job.of("another", 1, 900)).reason())
                .isEqualTo(RefusedException.Reason.QUEUE_BYTES);
        first.cancel(false);

        assertThat(lane.submit(Job.of("another", 1, 900))).isNotDone();
    }

    @Test
    void an_item_already_in_flight_costs_no_wait() {
        hand.occupy(0, lane);
        Job<String> keyed = new Job<>("k", 500, 1, Priority.INTERACTIVE, Job.NO_DEADLINE, "key");
        var first = lane.submit(keyed);
        submit(10_000, Priority.INTERACTIVE);
        assertThat(refusal(job("y", 1, Priority.INTERACTIVE)).reason())
                .isEqualTo(RefusedException.Reason.QUEUE_SECONDS);

        assertThat(lane.submit(keyed)).isNotDone().isNotSameAs(first);
    }

    @Test
    void the_load_counts_items_bytes_and_seconds_per_dispatcher() {
        hand.lane(LaneSettings.of("idle", 1, 1));
        assertThat(hand.dispatchers.load()).isEqualTo(new QueueLoad(0, 0, 0, 0, 2, 0));
        var _ = lane.submitAll(List.of(Job.of("a", 100, 7), Job.of("b", 300, 8)));

        assertThat(hand.dispatchers.load()).isEqualTo(new QueueLoad(2, 15, 0.2, 0, 2, 0));
    }

    @Test
    void saturation_is_the_smoothed_share_of_busy_time() {
        hand.occupy(0, lane);
        hand.advance(Duration.ofSeconds(100));
        assertThat(hand.dispatchers.load().saturation()).isBetween(0.4999, 0.5);
        hand.end(0);
        hand.advance(Duration.ofSeconds(10));
        assertThat(hand.dispatchers.load().saturation()).isBetween(0.18, 0.19);
    }
}
