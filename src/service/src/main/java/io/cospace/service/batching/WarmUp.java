package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a lane's warm-up did.
 *
 * @param runs batches that were run
 * @param took its whole time
 * @param complete false when the time limit came before the last batch
 * @param one the fitted cost of runs on one core; null when nothing was measured
 * @param all the fitted cost of single items on all cores; null when none was measured
 */
public record WarmUp(
        int runs,
        Duration took,
        boolean complete,
        @Nullable CostModel one,
        @Nullable CostModel all) {

    /**
     * The first run of a shape pays for allocation and compilation; the best of the others counts.
     */
    private static final int RUNS_PER_SHAPE = 3;

    /** Runs each batch a few times on the calling thread, and fits what the lane will predict. */
    static <I, O> WarmUp run(
            BatchFunction<I, O> function,
            List<List<Job<I>>> batches,
            Duration limit,
            LongSupplier nanoClock)
            throws Exception {
        long start = nanoClock.getAsLong();
        List<CostSample> one = new ArrayList<>();
        List<CostSample> all = new ArrayList<>();
        int runs = 0;
        int done = 0;
        for (List<Job<I>> batch : batches) {
            if (nanoClock.getAsLong() - start > limit.toNanos()) {
                break;
            }
            one.add(measure(function, batch, Cores.ONE, nanoClock));
            runs += RUNS_PER_SHAPE;
            if (batch.size() == 1) {
                all.add(measure(function, batch, Cores.ALL, nanoClock));
                runs += RUNS_PER_SHAPE;
            }
            done++;
        }
        Duration took = Duration.ofNanos(nanoClock.getAsLong() - start);
        return new WarmUp(runs, took, done == batches.size(), fit(one), fit(all));
    }

    private static <I, O> CostSample measure(
            BatchFunction<I, O> function, List<Job<I>> batch, Cores cores, LongSupplier nanoClock)
            throws Exception {
        List<I> items = new ArrayList<>(batch.size());
        long units = 0;
        int longest = 0;
        for (Job<I> job : batch) {
            items.add(job.item());
            units += job.units();
            longest = Math.max(longest, job.units());
        }
        long best = Long.MAX_VALUE;
        for (int run = 0; run < RUNS_PER_SHAPE; run++) {
            long start = nanoClock.getAsLong();
            List<O> _ = function.run(items, new Placement(0, cores));
            long nanos = nanoClock.getAsLong() - start;
            best = run == 0 ? best : Math.min(best, Math.max(1, nanos));
        }
        return new CostSample(batch.size(), units, longest, best / 1e6);
    }

    private static @Nullable CostModel fit(List<CostSample> samples) {
        return samples.isEmpty() ? null : CostModel.fit(samples);
    }
}
