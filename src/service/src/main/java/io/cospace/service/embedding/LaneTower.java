package io.cospace.service.embedding;

import io.cospace.service.batching.Answer;
import io.cospace.service.batching.Job;
import io.cospace.service.batching.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tower behind its lane.
 *
 * @param lane where its items wait
 * @param sizes what an item costs in units and bytes, and what it is equal to
 */
record LaneTower<I>(Lane<I, float[]> lane, Function<I, Size> sizes) implements Tower<I> {

    /**
     * What a lane needs to know of an item.
     *
     * @param units length that padding counts in
     * @param bytes memory it holds while it waits
     * @param key equal for items that have equal results
     */
    record Size(int units, long bytes, Object key) {}

    @Override
    public List<CompletableFuture<Run>> submit(List<I> items, CallContext call) {
        List<CompletableFuture<Run>> runs = new ArrayList<>(items.size());
        for (CompletableFuture<Answer<float[]>> answer : lane.submitAll(jobs(items, call))) {
            runs.add(new Awaited(answer));
        }
        return runs;
    }

    @Override
    public @Nullable Run known(Object key, CallContext call) {
        Answer<float[]> kept = lane.recall(key, call.priority());
        return kept == null ? null : new Run(kept.value(), kept.queueNanos(), kept.runNanos());
    }

    /** The items as their lane takes them. */
    List<Job<I>> jobs(List<I> items, CallContext call) {
        List<Job<I>> jobs = new ArrayList<>(items.size());
        for (I item : items) {
            Size size = sizes.apply(item);
            jobs.add(
                    new Job<>(
                            item,
                            size.units(),
                            size.bytes(),
                            call.priority(),
                            call.deadlineNanos(),
                            size.key()));
        }
        return jobs;
    }

    /** A lane's answer as a tower's: to cancel this one is to leave the lane. */
    private static final class Awaited extends CompletableFuture<Run> {

        private final CompletableFuture<Answer<float[]>> answer;

        Awaited(CompletableFuture<Answer<float[]>> answer) {
            this.answer = answer;
            CompletableFuture<?> _ =
                    answer.whenComplete((value, thrown) -> {
                        if (thrown != null) {
                            completeExceptionally(thrown);
                        } else {
                            complete(new Run(value.value(), value.queueNanos(), value.runNanos()));
                        }
                    });
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean left = answer.cancel(mayInterruptIfRunning);
            return super.cancel(mayInterruptIfRunning) || left;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }
}
