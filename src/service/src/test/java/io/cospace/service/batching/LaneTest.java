package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LaneTest {

    private final HandDriven hand = HandDriven.of(2);
    private final Lane<String, String> lane = hand.lane(LaneSettings.of("text", 8, 256));

    @Test
    void a_free_dispatcher_starts_at_once_with_a_lone_item() {
        CompletableFuture<Answer<String>> future = lane.submit(Job.of("a", 5, 10));

        assertThat(hand.dispatcher(0).step()).isTrue();

        assertThat(future.join().value()).isEqualTo("A");
        assertThat(future.join().rows()).isEqualTo(1);
    }

    @Test
    void sixteen_images_behind_busy_dispatchers_take_ceil_of_sixteen_by_batch_runs() {
        Lane<String, String> images = hand.lane(LaneSettings.of("image", 6, 6));
        Batch<?, ?> first = hand.occupy(0, images);
        Batch<?, ?> second = hand.occupy(1, images);
        List<CompletableFuture<Answer<String>>> futures = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            futures.add(images.submit(Job.of("image" + i, 1, 1)));
        }

        hand.dispatcher(0).run(first);
        hand.recorder.runs.clear();
        assertThat(hand.runAll(0)).isEqualTo(3);
        hand.dispatcher(1).run(second);

        assertThat(hand.recorder.rows()).containsExactly(6, 6, 4, 1);
        for (int i = 0; i < 16; i++) {
            assertThat(futures.get(i).join().value()).isEqualTo("IMAGE" + i);
        }
    }

    @Test
    void the_guilty_item_fails_alone_and_the_others_answer() {
        Lane<String, String> fragile =
                hand.dispatchers.lane(
                        LaneSettings.of("text", 64, 1024),
                        CostModel.linear(0, 1),
                        (items, placement) -> {
                            if (items.contains("poison")) {
                                throw new IllegalArgumentException("cannot digest");
                            }
                            return HandDriven.upperCase(items, placement);
                        },
                        result -> true);
        List<Job<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            jobs.add(Job.of(i == 37 ? "poison" : "item" + i, 4, 1));
        }
        Batch<?, ?> busy = hand.occupy(0, fragile);
        List<CompletableFuture<Answer<String>>> futures = fragile.submitAll(jobs);
        hand.dispatcher(1).step();
        hand.dispatcher(0).run(busy);
        hand.runAll(0);

        for (int i = 0; i < 64; i++) {
            if (i == 37) {
                assertThat(futures.get(i).exceptionNow())
                        .isInstanceOf(RunFailedException.class)
                        .hasMessage("text failed on one item alone")
                        .hasRootCauseMessage("cannot digest");
            } else {
                assertThat(futures.get(i).join().value()).isEqualTo("ITEM" + i);
            }
        }
        assertThat(hand.recorder.failures).hasSize(1);
    }

    @Test
    void refuses_a_call_as_a_whole_when_the_queue_is_full() {
        HandDriven small =
                new HandDriven(
                        DispatcherSettings.of(1, new QueueLimits(4, 100, Duration.ofSeconds(10))));
        Lane<String, String> text = small.lane(LaneSettings.of("text", 8, 256));
        text.submitAll(List.of(Job.of("a", 1, 10), Job.of("b", 1, 10), Job.of("c", 1, 10)));

        assertThatThrownBy(() -> text.submitAll(List.of(Job.of("d", 1, 10), Job.of("e", 1, 10))))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal ->
                                assertThat(refusal.reason())
                                        .isEqualTo(RefusedException.Reason.QUEUE_ITEMS))
                .hasMessage("3 items wait and 2 more came; at most 4 may wait");
        assertThat(small.dispatchers.load().items()).isEqualTo(3);
        assertThat(text.submit(Job.of("d", 1, 10))).isNotDone();
    }
}
