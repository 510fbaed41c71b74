package io.cospace.service.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the hand-over costs: submit, batch, answer, with a function that does nothing. The aim is
 * less than 5 us an item in calls of many items; a lone item pays two thread wake-ups on top.
 *
 * <pre>
 * src/evaluate/jmh service LaneBenchmark -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaneBenchmark {

    private static final int ITEMS = 64;

    /** Lengths of the items: all alike, or spread so that the look-ahead has to choose. */
    @Param({"1", "60"})
    int spread;

    private final Dispatchers dispatchers =
            Dispatchers.start(DispatcherSettings.of(2, QueueLimits.defaults()), BatchListener.NONE);

    private final Lane<Integer, Integer> lane =
            dispatchers.lane(
                    LaneSettings.of("text", 64, 256),
                    CostModel.linear(0.0001, 0.0001),
                    (items, placement) -> items,
                    result -> true);

    private final List<Job<Integer>> jobs = new ArrayList<>();

    @Setup
    public void fill() {
        for (int i = 0; i < ITEMS; i++) {
            jobs.add(Job.of(i, 8 + (i * 37) % spread, 64));
        }
    }

    @TearDown
    public void stop() {
        dispatchers.close();
    }

    /** One call of 64 items, time an item. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public int call() {
        int sum = 0;
        for (CompletableFuture<Answer<Integer>> future : lane.submitAll(jobs)) {
            sum += future.join().value();
        }
        return sum;
    }

    /** 64 calls of one item each, all in flight at once, time an item. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public int singles() {
        List<CompletableFuture<Answer<Integer>>> futures = new ArrayList<>(ITEMS);
        for (Job<Integer> job : jobs) {
            futures.add(lane.submit(job));
        }
        int sum = 0;
        for (CompletableFuture<Answer<Integer>> future : futures) {
            sum += future.join().value();
        }
        return sum;
    }

    /** One item, waited for. */
    @Benchmark
    public int lone() {
        return lane.submit(jobs.getFirst()).join().value();
    }
}
