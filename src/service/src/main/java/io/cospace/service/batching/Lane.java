package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The queue of one tower. Callers submit prepared items and get futures; the {@link Dispatchers}
 * run them in batches. Thread-safe.
 *
 * @param <I> prepared item
 * @param <O> result of one item; shared between callers that sent equal keys, so never changed
 */
public final class Lane<I, O> {

    private final Dispatchers dispatchers;
    private final LaneSettings settings;
    private final LaneCost cost;
    private final BatchFunction<I, O> function;
    private final Predicate<? super O> valid;
    private final ContentCache<O> cache;

    /* Guarded by the lock of Dispatchers. */
    private final Map<Priority, EntryQueue<I, O>> queues = new EnumMap<>(Priority.class);
    final Map<Object, Entry<I, O>> inFlight = new HashMap<>();
    private boolean draining;

    Lane(
            Dispatchers dispatchers,
            LaneSettings settings,
            CostModel model,
            BatchFunction<I, O> function,
            Predicate<? super O> valid,
            ContentCache<O> cache) {
        this.dispatchers = dispatchers;
        this.settings = settings;
        this.cost = new LaneCost(settings, model);
        this.function = function;
        this.valid = valid;
        this.cache = cache;
        for (Priority priority : Priority.values()) {
            queues.put(priority, new EntryQueue<>());
        }
    }

    public String name() {
        return settings.name();
    }

    /**
     * Submits one item.
     *
     * <p>The future completes with the answer, or with a {@link BatchingException} ({@link
     * DroppedException}, {@link RunFailedException}). To cancel it is to leave: an item that nobody
     * waits for any more is dropped before it costs anything. Stages attached to it run on a
     * dispatcher thread; keep them short.
     *
     * @throws RefusedException when the queue is too long, the deadline cannot be met, or the lane
     *     drains
     */
    public CompletableFuture<Answer<O>> submit(Job<I> job) {
        return submitAll(List.of(job)).getFirst();
    }

    /**
     * Submits the items of one call: all are admitted, or none.
     *
     * @return futures in the order of the jobs
     * @throws RefusedException as {@link #submit}; a call of more than a quarter of {@link
     *     QueueLimits#maxItems} should come in parts, as a long queue refuses it for ever
     */
    public List<CompletableFuture<Answer<O>>> submitAll(List<Job<I>> jobs) {
        List<CompletableFuture<Answer<O>>> futures = new ArrayList<>(jobs.size());
        dispatchers.submit(this, jobs, futures);
        return futures;
    }

    /** Replaces the cost model, after warm-up; {@code all} is the model of runs on all cores. */
    public void calibrate(CostModel one, CostModel all) {
        cost.replace(one, all);
    }

    /**
     * Refuses new items, finishes what waits, and fails what is left at the timeout. The lane is
     * then gone from its dispatchers.
     *
     * @return whether everything was finished
     * @throws InterruptedException when interrupted; what waits is then failed as at the timeout
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        return dispatchers.drain(this, timeout);
    }

    LaneSettings settings() {
        return settings;
    }

    LaneCost cost() {
        return cost;
    }

    BatchFunction<I, O> function() {
        return function;
    }

    Predicate<? super O> valid() {
        return valid;
    }

    ContentCache<O> cache() {
        return cache;
    }

    EntryQueue<I, O> queue(Priority priority) {
        EntryQueue<I, O> queue = queues.get(priority);
        if (queue == null) {
            throw new IllegalStateException("This is a bug: no queue for " + priority);
        }
        return queue;
    }

    boolean isDraining() {
        return draining;
    }

    void markDraining() {
        draining = true;
    }

    void left(Promise<I, O> promise) {
        dispatchers.left(promise);
    }
}
