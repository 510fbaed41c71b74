package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The threads that run the batches of a set of lanes; on CPU one a core, shared by both towers. A
 * free dispatcher starts at once with what waits. Thread-safe.
 */
public final class Dispatchers implements AutoCloseable {

    private final DispatcherSettings settings;
    private final BatchListener listener;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when work comes, and when dispatchers must end. */
    private final Condition work = lock.newCondition();

    /** Signalled when a batch ends. */
    private final Condition quiet = lock.newCondition();

    /* All below is guarded by the lock. */
    private final Scheduler scheduler;
    private final List<Dispatcher> members = new ArrayList<>();
    private int busy;
    private boolean closed;

    /** Starts the dispatcher threads. */
    public static Dispatchers start(DispatcherSettings settings, BatchListener listener) {
        Dispatchers dispatchers = new Dispatchers(settings, listener, System::nanoTime);
        dispatchers.members.forEach(Dispatcher::start);
        return dispatchers;
    }

    /** Without threads: a test moves the clock and each dispatcher by hand. */
    Dispatchers(DispatcherSettings settings, BatchListener listener, LongSupplier nanoClock) {
        this.settings = settings;
        this.listener = new SafeListener(listener);
        this.nanoClock = nanoClock;
        this.scheduler = new Scheduler(settings);
        for (int index = 0; index < settings.dispatchers(); index++) {
            members.add(new Dispatcher(this, index));
        }
    }

    /**
     * Opens a lane without cache.
     *
     * @see #lane(LaneSettings, CostModel, BatchFunction, Predicate, ContentCache)
     */
    public <I, O> Lane<I, O> lane(
            LaneSettings settings,
            CostModel model,
            BatchFunction<I, O> function,
            Predicate<? super O> valid) {
        return lane(settings, model, function, valid, ContentCache.none());
    }

    /**
     * Opens a lane.
     *
     * @param model first guess of the cost; {@link Lane#calibrate} replaces it
     * @param valid false for a result that must not be answered, such as a vector with NaN
     */
    public <I, O> Lane<I, O> lane(
            LaneSettings settings,
            CostModel model,
            BatchFunction<I, O> function,
            Predicate<? super O> valid,
            ContentCache<O> cache) {
        Lane<I, O> lane = new Lane<>(this, settings, model, function, valid, cache);
        lock.lock();
        try {
            scheduler.add(lane);
        } finally {
            lock.unlock();
        }
        return lane;
    }

    /** Predicted wait of an item of that class that came now. */
    public Duration predictedWait(Priority priority) {
        lock.lock();
        try {
            double millis = scheduler.predictedWaitMillis(priority, runningMillis(now()));
            return Duration.ofNanos((long) (millis * 1e6));
        } finally {
            lock.unlock();
        }
    }

    /** The gauges of this moment. */
    public QueueLoad load() {
        lock.lock();
        try {
            return new QueueLoad(
                    scheduler.items(),
                    scheduler.bytes(),
                    scheduler.totalMillis() / 1e3 / settings.dispatchers(),
                    busy,
                    settings.dispatchers(),
                    (double) busy / settings.dispatchers());
        } finally {
            lock.unlock();
        }
    }

    /** Why the process should be restarted; empty while all is well. */
    public Optional<String> stuck() {
        return Optional.empty();
    }

    /**
     * Refuses new items, finishes what waits in all lanes, and fails what is left at the timeout.
     *
     * @return whether everything was finished
     * @throws InterruptedException when interrupted; what waits is then failed as at the timeout
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        List<Lane<?, ?>> lanes;
        lock.lock();
        try {
            scheduler.drain();
            lanes = scheduler.lanes();
        } finally {
            lock.unlock();
        }
        long end = now() + timeout.toNanos();
        boolean all = true;
        for (Lane<?, ?> lane : lanes) {
            all &= drain(lane, Duration.ofNanos(Math.max(0, end - now())));
        }
        return all;
    }

    /** Fails what waits and ends the threads; a batch that runs is finished first. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            scheduler.drain();
            scheduler.lanes().forEach(scheduler::dropAll);
            work.signalAll();
        } finally {
            settle();
        }
    }

    // ---- called by lanes

    <I, O> void submit(
            Lane<I, O> lane, List<Job<I>> jobs, List<CompletableFuture<Answer<O>>> futures) {
        if (jobs.isEmpty()) {
            return;
        }
        Demand demand = Demand.of(lane, jobs);
        RefusedException refusal;
        lock.lock();
        try {
            long now = now();
            refusal = scheduler.refusal(lane, demand, runningMillis(now), now);
            if (refusal == null) {
                for (Job<I> job : jobs) {
                    futures.add(scheduler.admit(lane, job, now));
                    work.signal();
                }
            }
        } finally {
            lock.unlock();
        }
        if (refusal != null) {
            listener.refused(lane.name(), demand.priority(), refusal.reason(), demand.items());
            throw refusal;
        }
    }

    boolean drain(Lane<?, ?> lane, Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            lane.markDraining();
            work.signalAll();
            long left = timeout.toNanos();
            while (isActive(lane) && left > 0) {
                left = quiet.awaitNanos(left);
            }
            return !isActive(lane);
        } finally {
            scheduler.dropAll(lane);
            scheduler.remove(lane);
            settle();
        }
    }

    private boolean isActive(Lane<?, ?> lane) {
        for (Priority priority : Priority.values()) {
            if (lane.queue(priority).size() > 0) {
                return true;
            }
        }
        return members.stream().anyMatch(member -> member.runs(lane));
    }

    void left(Promise<?, ?> promise) {
        Entry<?, ?> entry = promise.entry;
        boolean dropped;
        lock.lock();
        try {
            dropped = scheduler.left(entry);
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
        if (dropped) {
            listener.dropped(entry.lane.name(), entry.priority, BatchListener.DropReason.CANCELLED);
        }
    }

    // ---- called by dispatchers

    /** Waits for the next batch of a dispatcher; null: it must end. */
    @Nullable Batch<?, ?> await(Dispatcher dispatcher) throws InterruptedException {
        while (true) {
            Batch<?, ?> batch;
            lock.lock();
            try {
                batch = choose(dispatcher);
                if (batch == null && !closed && !scheduler.hasDropped()) {
                    long ripe = scheduler.ripeInNanos(now());
                    if (ripe == Long.MAX_VALUE) {
                        work.await();
                    } else {
                        long _ = work.awaitNanos(Math.max(1, ripe));
                    }
                }
            } finally {
                settle();
            }
            if (batch != null || isClosed()) {
                return batch;
            }
        }
    }

    /** The next batch of a dispatcher, if something may run now. */
    @Nullable Batch<?, ?> poll(Dispatcher dispatcher) {
        lock.lock();
        try {
            return choose(dispatcher);
        } finally {
            settle();
        }
    }

    private @Nullable Batch<?, ?> choose(Dispatcher dispatcher) {
        long now = now();
        Batch<?, ?> batch = scheduler.next(now, settings.dispatchers() - busy - 1);
        if (batch != null) {
            busy++;
            dispatcher.begin(batch, now);
        }
        return batch;
    }

    /** Ends the batch that a dispatcher has taken. */
    void end(Dispatcher dispatcher) {
        lock.lock();
        try {
            busy--;
            dispatcher.end();
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends entries, so that nobody joins them any more, before their promises are completed. */
    void finish(List<? extends Entry<?, ?>> entries) {
        lock.lock();
        try {
            entries.forEach(Scheduler::finish);
        } finally {
            lock.unlock();
        }
    }

    Dispatcher member(int index) {
        return members.get(index);
    }

    BatchListener listener() {
        return listener;
    }

    long now() {
        return nanoClock.getAsLong();
    }

    // ---- inside the lock

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Predicted rest of the batches that run, summed. */
    private double runningMillis(long now) {
        double sum = 0;
        for (Dispatcher member : members) {
            sum += member.restMillis(now);
        }
        return sum;
    }

    /** Unlocks, then completes the promises of the entries that were dropped. */
    private void settle() {
        List<Dropped> dropped = scheduler.takeDropped();
        lock.unlock();
        for (Dropped each : dropped) {
            each.settle(listener);
        }
    }
}
