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
        hand.occupy(0, images);
        hand.occupy(1, images);
        List<CompletableFuture<Answer<String>>> futures = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            futures.add(images.submit(Job.of("image" + i, 1, 1)));
        }

        hand.end(0);
        assertThat(hand.runAll(0)).isEqualTo(3);

        assertThat(hand.recorder.rows()).containsExactly(6, 6, 4);
        for (int i = 0; i < 16; i++) {
            assertThat(futures.get(i).join().value()).isEqualTo("IMAGE" + i);
        }
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
