package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same policy on real threads. */
@Timeout(30)
class DispatchersTest {

    private static Dispatchers start(int dispatchers) {
        return Dispatchers.start(
                DispatcherSettings.of(dispatchers, QueueLimits.defaults()), BatchListener.NONE);
    }

    @Test
    void answers_every_item_with_its_own_result() {
        try (Dispatchers dispatchers = start(2)) {
            Lane<Integer, Integer> lane =
                    dispatchers.lane(
                            LaneSettings.of("numbers", 8, 64),
                            CostModel.linear(0, 0.001),
                            (items, placement) -> items.stream().map(i -> i * i).toList(),
                            result -> true);
            List<CompletableFuture<Answer<Integer>>> futures = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                futures.add(lane.submit(Job.of(i, 1 + i % 40, 8)));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(futures.get(i).join().value()).isEqualTo(i * i);
            }
        }
    }

    @Test
    void drain_finishes_what_waits_and_refuses_what_comes() throws Exception {
        try (Dispatchers dispatchers = start(1)) {
            CountDownLatch go = new CountDownLatch(1);
            Lane<String, String> lane =
                    dispatchers.lane(
                            LaneSettings.of("text", 1, 64),
                            CostModel.linear(0, 1),
                            (items, placement) -> {
                                go.await();
                                return items;
                            },
                            result -> true);
            List<CompletableFuture<Answer<String>>> futures =
                    lane.submitAll(List.of(Job.of("a", 1, 1), Job.of("b", 1, 1)));
            Thread drain =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    dispatchers.drain(Duration.ofSeconds(20));
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            while (!lane.isDraining()) {
                Thread.sleep(1);
            }

            assertThatThrownBy(() -> lane.submit(Job.of("late", 1, 1)))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refusal ->
                                    assertThat(refusal.reason())
                                            .isEqualTo(RefusedException.Reason.DRAINING));
            go.countDown();
            drain.join();
            assertThat(futures)
                    .allSatisfy(future -> assertThat(future.isDone()).isTrue())
                    .extracting(future -> future.join().value())
                    .containsExactly("a", "b");
        }
    }

    @Test
    void close_fails_what_still_waits_and_finishes_what_runs() {
        CountDownLatch go = new CountDownLatch(1);
        Dispatchers dispatchers = start(1);
        Lane<String, String> lane =
                dispatchers.lane(
                        LaneSettings.of("text", 1, 64),
                        CostModel.linear(0, 1),
                        (items, placement) -> {
                            go.await();
                            return items;
                        },
                        result -> true);
        CompletableFuture<Answer<String>> running = lane.submit(Job.of("runs", 1, 1));
        while (dispatchers.load().busy() == 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<Answer<String>> waiting = lane.submit(Job.of("waits", 1, 1));

        dispatchers.close();
        go.countDown();

        assertThat(running.join().value()).isEqualTo("runs");
        assertThat(waiting.exceptionNow())
                .isInstanceOf(DroppedException.class)
                .hasMessage("the text lane shut down before the item's turn came");
    }

    @Test
    void a_warm_up_at_rest_waits_for_the_work_and_ends_with_the_dispatchers() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Dispatchers dispatchers = start(1);
        Lane<String, String> lane =
                dispatchers.lane(
                        LaneSettings.of("text", 1, 64),
                        CostModel.linear(0, 1),
                        (items, placement) -> {
                            if (items.contains("call")) {
                                go.await();
                            }
                            order.addAll(items);
                            return items;
                        },
                        result -> true);
        CompletableFuture<Answer<String>> call = lane.submit(Job.of("call", 1, 1));
        CompletableFuture<WarmUp> warmUp = atRest(lane, "shape");
        go.countDown();

        assertThat(call.join().value()).isEqualTo("call");
        assertThat(warmUp.join().complete()).isTrue();
        assertThat(order.getFirst()).isEqualTo("call");
        dispatchers.close();
        WarmUp never = atRest(lane, "late").join();
        assertThat(never.complete()).isFalse();
        assertThat(order).doesNotContain("late");
    }

    private static CompletableFuture<WarmUp> atRest(Lane<String, String> lane, String item) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return lane.warmUpAtRest(
                                List.of(List.of(Job.of(item, 1, 1))), Duration.ofHours(1));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                action -> {
                    Thread _ = Thread.ofPlatform().daemon().start(action);
                });
    }
}
