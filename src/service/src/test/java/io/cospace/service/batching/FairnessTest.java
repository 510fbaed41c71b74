package io.cospace.service.batching;

import static io.cospace.service.batching.HandDriven.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interactive against bulk, on one dispatcher and a clock that the test turns. */
@Timeout(10)
class FairnessTest {

    private final HandDriven hand = HandDriven.of(1);
    private final Lane<String, String> text = hand.lane(LaneSettings.of("text", 1, 1_000));

    private void submit(Lane<String, String> lane, int count, int units, Priority priority) {
        for (int i = 0; i < count; i++) {
            var _ = lane.submit(job(priority.name(), units, priority));
        }
    }

    private List<Priority> serve(int batches, Duration each) {
        List<Priority> order = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            order.add(Priority.valueOf(hand.take(0).getFirst()));
            hand.advance(each);
            hand.end(0);
        }
        return order;
    }

    @Test
    void classes_that_both_wait_share_four_to_one() {
        submit(text, 100, 10, Priority.BULK);
        submit(text, 100, 10, Priority.INTERACTIVE);

        List<Priority> order = serve(50, Duration.ofMillis(10));

        assertThat(order).filteredOn(p -> p == Priority.INTERACTIVE).hasSize(40);
        for (int start = 0; start + 10 <= 50; start++) {
            assertThat(order.subList(start, start + 10))
                    .filteredOn(p -> p == Priority.BULK)
                    .hasSizeBetween(1, 3);
        }
    }

    @Test
    void the_share_is_of_cost_and_not_of_items() {
        submit(text, 100, 40, Priority.BULK);
        submit(text, 400, 10, Priority.INTERACTIVE);

        List<Priority> order = serve(170, Duration.ofMillis(1));

        assertThat(order).filteredOn(p -> p == Priority.BULK).hasSize(10);
    }

    @Test
    void an_interactive_item_waits_for_no_more_than_the_batch_that_runs() {
        submit(text, 200, 10, Priority.BULK);
        for (int round = 0; round < 20; round++) {
            assertThat(hand.take(0)).containsExactly("BULK");
            submit(text, 1, 10, Priority.INTERACTIVE);
            hand.end(0);
            assertThat(hand.take(0)).containsExactly("INTERACTIVE");
            hand.end(0);
            serve(3, Duration.ofMillis(10));
        }
    }

    @Test
    void bulk_batches_are_short_while_interactive_calls_come_and_whole_again_later() {
        Lane<String, String> wide = hand.lane(LaneSettings.of("wide", 64, 1_000));
        submit(wide, 64, 10, Priority.BULK);
        assertThat(hand.take(0)).as("nobody interactive").hasSize(64);
        hand.end(0);

        submit(wide, 1, 10, Priority.INTERACTIVE);
        submit(wide, 128, 10, Priority.BULK);
        assertThat(hand.take(0)).containsExactly("INTERACTIVE");
        hand.end(0);
        assertThat(hand.take(0)).as("half a full batch").hasSize(32);
        hand.end(0);

        hand.advance(Duration.ofSeconds(1));
        assertThat(hand.take(0)).hasSize(64);
    }

    @Test
    void short_batches_of_two_dispatchers_end_half_a_round_apart() {
        HandDriven two = HandDriven.of(2);
        Lane<String, String> lane = two.lane(LaneSettings.of("text", 64, 640));
        var _ = lane.submit(job("now", 10, Priority.INTERACTIVE));
        two.take(0);
        two.end(0);
        for (int i = 0; i < 300; i++) {
            var _ = lane.submit(job("later", 10, Priority.BULK));
        }

        assertThat(two.take(0)).as("320 ms, half of a full batch").hasSize(32);
        assertThat(two.take(1)).as("ends when half of that has run").hasSize(16);
        for (int round = 0; round < 2; round++) {
            two.advance(Duration.ofMillis(160));
            two.end(1);
            assertThat(two.take(1)).hasSize(32);
            two.advance(Duration.ofMillis(160));
            two.end(0);
            assertThat(two.take(0)).hasSize(32);
        }
    }

    @Test
    void a_short_batch_takes_nothing_that_would_make_it_longer() {
        Lane<String, String> wide = hand.lane(LaneSettings.of("wide", 64, 1_000));
        submit(wide, 1, 10, Priority.INTERACTIVE);
        hand.take(0);
        hand.end(0);
        submit(wide, 1, 300, Priority.BULK);
        submit(wide, 1, 290, Priority.BULK);

        assertThat(hand.take(0)).as("450 ms is half of a full batch").hasSize(1);
    }

    @Test
    void a_class_that_comes_back_has_saved_no_credit() {
        submit(text, 50, 10, Priority.BULK);
        serve(50, Duration.ofMillis(10));
        submit(text, 100, 10, Priority.BULK);
        submit(text, 100, 10, Priority.INTERACTIVE);

        List<Priority> order = serve(20, Duration.ofMillis(10));

        assertThat(order).filteredOn(p -> p == Priority.INTERACTIVE).hasSizeBetween(16, 17);
    }

    @Test
    void an_overdue_class_shares_half_and_half() {
        submit(text, 100, 10, Priority.BULK);
        submit(text, 100, 10, Priority.INTERACTIVE);
        hand.advance(Duration.ofSeconds(11));

        List<Priority> order = serve(40, Duration.ofMillis(10));

        assertThat(order).filteredOn(p -> p == Priority.BULK).hasSize(20);
    }

    @Test
    void the_oldest_entry_over_all_lanes_goes_first() {
        Lane<String, String> image = hand.lane(LaneSettings.of("image", 4, 4));
        submit(text, 1, 10, Priority.BULK);
        submit(image, 1, 1, Priority.BULK);
        submit(text, 1, 10, Priority.BULK);
        hand.runAll(0);

        assertThat(hand.recorder.runs)
                .extracting(BatchRun::lane)
                .containsExactly("text", "image", "text");
    }
}
