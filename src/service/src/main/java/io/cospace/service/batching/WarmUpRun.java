package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A warm-up on its way: runs each batch a few times on the calling thread, and fits what the lane
 * will predict. It keeps its time limit, that of its runs together, by the same means as the lane:
 * what has been measured so far predicts the next batch, and one that would not end in time is left
 * out. Only the first batch is run in any case, since a lane that has run nothing may not be able
 * to. Not thread-safe.
 */
final class WarmUpRun<I, O> {

    private final BatchFunction<I, O> function;
    private final LongSupplier nanoClock;
    private final int runsPerShape;
    private final long limitNanos;
    private final Turn turn;
    private final Map<Cores, List<CostSample>> samples = new EnumMap<>(Cores.class);
    private long spentNanos;
    private int runs;
    private boolean complete = true;

    /** Decides when the next run may begin. */
    @FunctionalInterface
    interface Turn {

        /** Waits until it may; false: never again. */
        boolean await() throws InterruptedException;
    }

    /**
     * @param runsPerShape 2 or more: the first run of a shape pays for allocation and compilation,
     *     and the best of the others counts
     */
    WarmUpRun(
            BatchFunction<I, O> function,
            int runsPerShape,
            Duration limit,
            LongSupplier nanoClock,
            Turn turn) {
        this.function = function;
        this.runsPerShape = runsPerShape;
        this.nanoClock = nanoClock;
        this.limitNanos = limit.toNanos();
        this.turn = turn;
    }

    /** Runs the batches, each on one core and single items on all cores too. */
    WarmUp of(List<List<Job<I>>> batches) throws Exception {
        for (List<Job<I>> batch : batches) {
            measure(batch, Cores.ONE);
            if (batch.size() == 1) {
                measure(batch, Cores.ALL);
            }
        }
        Duration took = Duration.ofNanos(spentNanos);
        return new WarmUp(runs, took, complete, fit(Cores.ONE), fit(Cores.ALL));
    }

    private void measure(List<Job<I>> batch, Cores cores) throws Exception {
        List<I> items = batch.stream().map(Job::item).toList();
        long units = batch.stream().mapToLong(Job::units).sum();
        int longest = batch.stream().mapToInt(Job::units).max().orElse(1);
        if (runs > 0 && !fits(runsPerShape * predicted(cores, items.size(), units, longest))) {
            complete = false;
            return;
        }
        if (!turn.await()) {
            complete = false;
            return;
        }
        long first = run(items, cores);
        long best = first;
        for (int more = 1; more < runsPerShape; more++) {
            if (!fits(best / 1e6) || !turn.await()) {
                complete = false;
                break;
            }
            long nanos = run(items, cores);
            best = more == 1 ? nanos : Math.min(best, nanos);
        }
        sample(cores).add(new CostSample(items.size(), units, longest, best / 1e6));
    }

    private long run(List<I> items, Cores cores) throws Exception {
        long start = nanoClock.getAsLong();
        List<O> _ = function.run(items, new Placement(0, cores));
        runs++;
        long nanos = Math.max(1, nanoClock.getAsLong() - start);
        spentNanos += nanos;
        return nanos;
    }

    /** By what was measured on the same cores, or on one. */
    private double predicted(Cores cores, int rows, long units, int longest) {
        CostModel model = fit(sample(cores).isEmpty() ? Cores.ONE : cores);
        return model == null ? 0 : model.millis(rows, units, longest);
    }

    private boolean fits(double millis) {
        return spentNanos + millis * 1e6 <= limitNanos;
    }

    private @Nullable CostModel fit(Cores cores) {
        return sample(cores).isEmpty() ? null : CostModel.fit(sample(cores));
    }

    private List<CostSample> sample(Cores cores) {
        return samples.computeIfAbsent(cores, _ -> new ArrayList<>());
    }
}
