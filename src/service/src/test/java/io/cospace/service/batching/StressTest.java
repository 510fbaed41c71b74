package io.cospace.service.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many callers on real threads: every answer belongs to the item that asked, and every promise is
 * completed. Bounded by work, not by time.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StressTest {

    private static final int CALLERS = 64;
    private static final QueueLimits WIDE =
            new QueueLimits(1_000_000, Long.MAX_VALUE, Duration.ofHours(1));

    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();

    private Dispatchers start(BatchListener listener) {
        return Dispatchers.start(DispatcherSettings.of(4, WIDE), listener);
    }

    private static Lane<Integer, float[]> lane(
            Dispatchers dispatchers, BatchFunction<Integer, float[]> function) {
        return dispatchers.lane(
                LaneSettings.of("vectors", 64, 1_024),
                CostModel.linear(0.001, 0.0001),
                function,
                vector -> Float.isFinite(vector[0]));
    }

    /** What the item alone would give: a vector that no other item has. */
    private static float[] reference(int item) {
        return new float[] {item, item * 0.5f, -item};
    }

    /** Computes a batch the way a tower does: one buffer for all rows, cut into rows at the end. */
    private List<float[]> compute(List<Integer> items, Placement placement) {
        runs.incrementAndGet();
        rows.addAndGet(items.size());
        float[] buffer = new float[items.size() * 3];
        Arrays.fill(buffer, Float.NaN);
        for (int row = 0; row < items.size(); row++) {
            System.arraycopy(reference(items.get(row)), 0, buffer, row * 3, 3);
        }
        List<float[]> results = new ArrayList<>();
        for (int row = 0; row < items.size(); row++) {
            results.add(Arrays.copyOfRange(buffer, row * 3, row * 3 + 3));
        }
        return results;
    }

    private static Job<Integer> job(int item, SplittableRandom random) {
        Priority priority = random.nextInt(4) == 0 ? Priority.BULK : Priority.INTERACTIVE;
        boolean shared = random.nextInt(10) == 0;
        int units = 1 + Math.floorMod(item * 31, 90);
        return new Job<>(item, units, 12, priority, Job.NO_DEADLINE, shared ? item : null);
    }

    private static List<Job<Integer>> call(int size, SplittableRandom random) {
        List<Job<Integer>> jobs = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            jobs.add(job(random.nextInt(1_000_000), random));
        }
        return jobs;
    }

    /** Runs one body for each caller and rethrows its failure. */
    private static void forEachCaller(java.util.function.IntConsumer body) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int seed = caller;
                all.add(callers.submit(() -> body.accept(seed)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private static void assertIdle(Dispatchers dispatchers) throws InterruptedException {
        QueueLoad load = dispatchers.load();
        while (load.busy() > 0) {
            TimeUnit.MILLISECONDS.sleep(1);
            load = dispatchers.load();
        }
        assertThat(load.items()).isZero();
        assertThat(load.bytes()).isZero();
        assertThat(load.seconds()).isZero();
    }

    @Test
    void every_answer_equals_the_single_item_reference() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Dispatchers dispatchers = start(BatchListener.NONE)) {
            Lane<Integer, float[]> lane = lane(dispatchers, this::compute);
            forEachCaller(caller -> {
                SplittableRandom random = new SplittableRandom(caller);
                for (int size = 1; size <= 64; size++) {
                    List<Job<Integer>> jobs = call(size, random);
                    var futures = lane.submitAll(jobs);
                    for (int i = 0; i < size; i++) {
                        assertThat(futures.get(i).join().value())
                                .isEqualTo(reference(jobs.get(i).item()));
                    }
                    calls.incrementAndGet();
                }
            });
            assertIdle(dispatchers);
        }
        assertThat(calls).hasValue(CALLERS * 64);
        assertThat(rows.get()).isLessThanOrEqualTo(CALLERS * 64L * 65 / 2);
        assertThat(runs.get()).as("rows share runs").isLessThan(rows.get() / 2);
    }

    @Test
    void a_cancel_storm_leaves_the_others_their_answers_and_the_queue_empty() throws Exception {
        AtomicInteger cancelled = new AtomicInteger();
        try (Dispatchers dispatchers = start(BatchListener.NONE)) {
            Lane<Integer, float[]> lane = lane(dispatchers, this::compute);
            forEachCaller(caller -> {
                SplittableRandom random = new SplittableRandom(caller);
                for (int call = 0; call < 40; call++) {
                    List<Job<Integer>> jobs = call(32, random);
                    var futures = lane.submitAll(jobs);
                    for (var future : futures) {
                        if (random.nextBoolean() && future.cancel(true)) {
                            cancelled.incrementAndGet();
                        }
                    }
                    for (int i = 0; i < jobs.size(); i++) {
                        if (!futures.get(i).isCancelled()) {
                            assertThat(futures.get(i).join().value())
                                    .isEqualTo(reference(jobs.get(i).item()));
                        }
                    }
                }
            });
            assertIdle(dispatchers);
        }
        assertThat(cancelled.get()).isPositive();
    }

    @Test
    void dispatchers_that_die_and_poison_items_cost_only_the_guilty() throws Exception {
        AtomicInteger deaths = new AtomicInteger();
        BatchListener counter =
                new BatchListener() {
                    @Override
                    public void dispatcherReplaced(int dispatcher, String reason) {
                        deaths.incrementAndGet();
                    }
                };
        AtomicInteger failures = new AtomicInteger();
        try (Dispatchers dispatchers = start(counter)) {
            Lane<Integer, float[]> lane =
                    lane(
                            dispatchers,
                            (items, placement) -> {
                                for (int item : items) {
                                    if (item % 1_000 == 0) {
                                        throw new IllegalArgumentException("poison " + item);
                                    }
                                    if (item % 1_000 == 1) {
                                        throw new InternalError("deadly " + item);
                                    }
                                }
                                return compute(items, placement);
                            });
            forEachCaller(caller -> {
                SplittableRandom random = new SplittableRandom(caller);
                for (int call = 0; call < 20; call++) {
                    List<Job<Integer>> jobs = call(32, random);
                    var futures = lane.submitAll(jobs);
                    for (int i = 0; i < jobs.size(); i++) {
                        int item = jobs.get(i).item();
                        try {
                            assertThat(futures.get(i).join().value()).isEqualTo(reference(item));
                            assertThat(item % 1_000).isGreaterThan(1);
                        } catch (CompletionException e) {
                            assertThat(e).hasCauseInstanceOf(RunFailedException.class);
                            assertThat(item % 1_000).isLessThanOrEqualTo(1);
                            failures.incrementAndGet();
                        }
                    }
                }
            });
            assertIdle(dispatchers);
            assertThat(dispatchers.stuck()).isEmpty();
        }
        assertThat(deaths.get()).isPositive();
        assertThat(failures.get()).isPositive();
    }

    @Test
    void drain_under_load_completes_every_admitted_promise() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch warm = new CountDownLatch(CALLERS);
        try (Dispatchers dispatchers = start(BatchListener.NONE)) {
            Lane<Integer, float[]> lane = lane(dispatchers, this::compute);
            Thread drain =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    warm.await();
                                    assertThat(dispatchers.drain(Duration.ofSeconds(60))).isTrue();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            forEachCaller(caller -> {
                SplittableRandom random = new SplittableRandom(caller);
                boolean open = true;
                while (open) {
                    List<CompletableFuture<Answer<float[]>>> futures;
                    try {
                        futures = lane.submitAll(call(16, random));
                    } catch (RefusedException e) {
                        assertThat(e.reason()).isEqualTo(RefusedException.Reason.DRAINING);
                        refused.incrementAndGet();
                        open = false;
                        continue;
                    }
                    for (var future : futures) {
                        assertThat(future.join().value()).hasSize(3);
                        answered.incrementAndGet();
                    }
                    warm.countDown();
                }
            });
            drain.join();
            assertIdle(dispatchers);
        }
        assertThat(refused).hasValue(CALLERS);
        assertThat(answered.get()).isGreaterThanOrEqualTo(CALLERS * 16);
    }

    @Test
    void close_under_load_fails_the_rest_clearly() throws Exception {
        Dispatchers dispatchers = start(BatchListener.NONE);
        Lane<Integer, float[]> lane =
                lane(
                        dispatchers,
                        (items, placement) -> {
                            TimeUnit.MICROSECONDS.sleep(200);
                            return compute(items, placement);
                        });
        CountDownLatch warm = new CountDownLatch(CALLERS);
        Thread closer =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                warm.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            dispatchers.close();
                        });
        forEachCaller(caller -> {
            SplittableRandom random = new SplittableRandom(caller);
            boolean open = true;
            while (open) {
                try {
                    for (var future : lane.submitAll(call(16, random))) {
                        assertThat(future.join().value()).hasSize(3);
                    }
                } catch (RefusedException e) {
                    open = false;
                } catch (CompletionException e) {
                    assertThat(e).hasCauseInstanceOf(DroppedException.class);
                    open = false;
                } catch (CancellationException e) {
                    throw new AssertionError("nobody cancels here", e);
                } finally {
                    warm.countDown();
                }
            }
        });
        closer.join();
        assertIdle(dispatchers);
    }
}
