package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one tower. Callers submit prepared items and get futures; the {@link Dispatchers}
 * run them in batches. Thread-safe.
 *
 * @param <I> prepared item
 * @param <O> result of one item; shared between callers that sent equal keys, so never changed
 */
public final class Lane<I, O> {

    private final Engine engine;
    private final LaneSettings settings;
    private final LaneCost cost;
    private final BatchFunction<I, O> function;
    private final Predicate<? super O> valid;
    private final ContentCache<O> cache;

    /* Guarded by the lock of Engine. */
    private final Map<Priority, EntryQueue<I, O>> queues = new EnumMap<>(Priority.class);
    final Map<Object, Entry<I, O>> inFlight = new HashMap<>();
    private boolean draining;

    Lane(
            Engine engine,
            LaneSettings settings,
            CostModel model,
            BatchFunction<I, O> function,
            Predicate<? super O> valid,
            ContentCache<O> cache) {
        this.engine = engine;
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
        List<Optional<O>> known = new ArrayList<>(jobs.size());
        List<Job<I>> unknown = new ArrayList<>(jobs.size());
        for (Job<I> job : jobs) {
            Optional<O> value = lookUp(job.key());
            known.add(value);
            if (value.isEmpty()) {
                unknown.add(job);
            }
        }
        Iterator<Promise<I, O>> promises = engine.submit(this, unknown).iterator();
        List<CompletableFuture<Answer<O>>> futures = new ArrayList<>(jobs.size());
        for (int i = 0; i < jobs.size(); i++) {
            Optional<O> value = known.get(i);
            futures.add(
                    value.isPresent()
                            ? CompletableFuture.completedFuture(
                                    answered(value.get(), jobs.get(i).priority()))
                            : promised(jobs.get(i), promises.next()));
        }
        return futures;
    }

    /**
     * The answer that the cache holds, for callers that know the key of an item before they have
     * prepared it; null: submit it. Only what is found counts as looked up.
     */
    public @Nullable Answer<O> recall(Object key, Priority priority) {
        return lookUp(key).map(value -> answered(value, priority)).orElse(null);
    }

    private Answer<O> answered(O value, Priority priority) {
        engine.listener().lookedUp(name(), BatchListener.Lookup.HIT);
        engine.listener().answered(name(), priority, 0, 0, 0);
        return new Answer<>(value, 0, 0, 0);
    }

    private CompletableFuture<Answer<O>> promised(Job<I> job, Promise<I, O> promise) {
        if (job.key() != null) {
            boolean first = promise.next == null;
            engine.listener()
                    .lookedUp(
                            name(),
                            first ? BatchListener.Lookup.MISS : BatchListener.Lookup.SHARED);
        }
        return promise;
    }

    /**
     * Runs each batch twice on the calling thread, which allocates and compiles what the shapes
     * need, and fits the cost model to them. Before the lane is used.
     *
     * @param batches the shapes that matter, the most important first: single items of several
     *     lengths, full batches, and batches of mixed lengths
     * @param limit no batch is begun that would not have ended by then, but for the first
     * @throws Exception what the batch function throws: the lane cannot serve
     */
    public WarmUp warmUp(List<List<Job<I>>> batches, Duration limit) throws Exception {
        WarmUp warmUp = new WarmUpRun<>(function, 2, limit, engine::now, () -> true).of(batches);
        calibrate(warmUp);
        return warmUp;
    }

    /**
     * As {@link #warmUp}, of a lane that serves: each run waits until nothing has been asked for
     * half a second. Stands back as the dispatchers do, so on a thread of its own.
     *
     * @param limit time of the runs together, waiting not counted
     * @throws InterruptedException when interrupted while it waits
     */
    public WarmUp warmUpAtRest(List<List<Job<I>>> batches, Duration limit) throws Exception {
        boolean _ = CpuShare.standBack(engine.niceness());
        engine.markWork();
        WarmUp warmUp =
                new WarmUpRun<>(function, 3, limit, engine::now, () -> engine.awaitRest(this))
                        .of(batches);
        calibrate(warmUp);
        return warmUp;
    }

    private void calibrate(WarmUp warmUp) {
        if (warmUp.one() != null) {
            calibrate(warmUp.one(), warmUp.all() == null ? warmUp.one() : warmUp.all());
        }
    }

    /** Sets the cost model; {@code all} is the one of single items on all cores. */
    public void calibrate(CostModel one, CostModel all) {
        cost.replace(one, all);
    }

    /**
     * Refuses new items, finishes what waits, and fails what is left at the timeout. The lane is
     * then gone from its engine.
     *
     * @return whether everything was finished
     * @throws InterruptedException when interrupted; what waits is then failed as at the timeout
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        return engine.drain(this, timeout);
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

    void left(Entry<I, O> entry) {
        engine.left(entry);
    }

    // ---- the cache: its failures are misses

    private Optional<O> lookUp(@Nullable Object key) {
        if (key == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(cache.get(key));
        } catch (RuntimeException _) {
            return Optional.empty();
        }
    }

    /** Keeps a result that was computed. */
    void remember(@Nullable Object key, O value) {
        if (key != null) {
            try {
                cache.put(key, value);
            } catch (RuntimeException _) {
                // The answer is good without it.
            }
        }
    }
}
