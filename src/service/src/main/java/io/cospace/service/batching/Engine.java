package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock, and all that happens under it, to three plain state machines: {@link Backlog} (what
 * waits), {@link Scheduler} (who is next) and {@link Crew} (who runs what). It is held for a few
 * microseconds a batch, against milliseconds of inference. Promises are completed, and listeners
 * told, without it. Thread-safe.
 */
final class Engine {

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.HOURS.toNanos(1);

    /** Calls that follow each other have shorter pauses than this. */
    static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final DispatcherSettings settings;
    private final BatchListener listener;
    private final LongSupplier nanoClock;

    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when work comes, and when dispatchers must end. */
    private final Condition work = lock.newCondition();

    /** Signalled when a dispatcher becomes idle, and when an entry leaves. */
    private final Condition quiet = lock.newCondition();

    /* Guarded by the lock. */
    private final Backlog backlog;
    private final Scheduler scheduler;
    private final Crew crew;
    private boolean closed;

    /** When an item came, or a dispatcher had done all there was. */
    private long workedNanos;

    /** As of the last change; read without the lock. */
    private volatile Forecast forecast;

    Engine(DispatcherSettings settings, BatchListener listener, LongSupplier nanoClock) {
        this.settings = settings;
        this.listener = new SafeListener(listener);
        this.nanoClock = nanoClock;
        this.backlog = new Backlog(settings);
        this.scheduler = new Scheduler(settings, backlog, nanoClock.getAsLong());
        this.crew = new Crew(settings, nanoClock.getAsLong());
        this.workedNanos = nanoClock.getAsLong();
        this.forecast = Forecast.empty(settings.dispatchers());
    }

    BatchListener listener() {
        return listener;
    }

    int niceness() {
        return settings.niceness();
    }

    long now() {
        return nanoClock.getAsLong();
    }

    // ---- called by lanes

    <I, O> List<Promise<I, O>> submit(Lane<I, O> lane, List<Job<I>> jobs) {
        if (jobs.isEmpty()) {
            return List.of();
        }
        List<Promise<I, O>> promises = new ArrayList<>(jobs.size());
        RefusedException refusal = locked(() -> admit(lane, jobs, promises));
        if (refusal != null) {
            Priority priority = jobs.getFirst().priority();
            listener.refused(lane.name(), priority, refusal.reason(), jobs.size());
            throw refusal;
        }
        return promises;
    }

    private <I, O> @Nullable RefusedException admit(
            Lane<I, O> lane, List<Job<I>> jobs, List<Promise<I, O>> promises) {
        long now = now();
        workedNanos = now;
        Demand demand = Demand.of(lane, jobs);
        double wait = current().waitMillis(demand.priority(), now);
        RefusedException refusal = backlog.refusal(lane, demand, wait, now);
        if (refusal == null) {
            for (Job<I> job : jobs) {
                promises.add(backlog.admit(lane, job, now));
                work.signal();
            }
        }
        return refusal;
    }

    /** A caller has cancelled its promise. */
    void left(Entry<?, ?> entry) {
        boolean dropped =
                locked(() -> {
                    quiet.signalAll();
                    return backlog.left(entry);
                });
        if (dropped) {
            listener.dropped(entry.lane.name(), entry.priority, BatchListener.DropReason.CANCELLED);
        }
    }

    // ---- called by dispatchers

    /** Waits until the member has a batch in hand; false: its thread must end. */
    boolean await(Crew.Member member) throws InterruptedException {
        while (true) {
            lock.lock();
            try {
                if (closed || crew.isAbandoned(member)) {
                    return false;
                }
                if (take(member)) {
                    return true;
                }
                if (!backlog.hasDropped()) {
                    long ripe = Math.min(scheduler.ripeInNanos(now()), LONGEST_SLEEP_NANOS);
                    long _ = work.awaitNanos(Math.max(1, ripe));
                }
            } finally {
                settle();
            }
        }
    }

    /** Gives the member a batch if something may run now. */
    boolean poll(Crew.Member member) {
        return locked(() -> take(member));
    }

    private boolean take(Crew.Member member) {
        long now = now();
        Batch<?, ?> batch = scheduler.next(now, crew.idle(), crew.endsNanos(now));
        if (batch != null) {
            crew.assign(member, batch, now);
        }
        return batch != null;
    }

    /** The next part of the batch in hand starts; null: nothing is left of it. */
    @Nullable Batch<?, ?> advance(Crew.Member member) {
        return locked(() -> {
            Batch<?, ?> batch = crew.advance(member, now());
            if (batch == null) {
                workedNanos = now();
                quiet.signalAll();
            }
            return batch;
        });
    }

    /** Puts the halves of a failed batch in its place. */
    <I, O> void split(Crew.Member member, Batch<I, O> batch) {
        inLock(() -> {
            List<Entry<I, O>> wanted = backlog.wanted(batch.entries(), now());
            crew.split(member, Batch.halves(batch.priority(), wanted));
        });
    }

    /** Ends the entries of a batch: nobody joins them any more, and their promises may complete. */
    void finish(Batch<?, ?> batch) {
        inLock(() -> batch.entries().forEach(Backlog::finish));
    }

    /** Ends and fails the entries of a batch. */
    void fail(Batch<?, ?> batch, RunFailedException failure) {
        finish(batch);
        for (Entry<?, ?> entry : batch.entries()) {
            if (entry.fail(failure)) {
                listener.failed(entry.lane.name(), entry.priority, failure);
            }
        }
    }

    // ---- called by Dispatchers

    void open(Lane<?, ?> lane) {
        inLock(() -> backlog.add(lane));
    }

    List<Lane<?, ?>> drain() {
        return locked(() -> {
            backlog.drain();
            return List.copyOf(backlog.lanes());
        });
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
            backlog.dropAll(lane);
            backlog.remove(lane);
            settle();
        }
    }

    /**
     * Waits until no item has come, waited or run for {@link #REST_NANOS}; false: the lane drains,
     * or there is nobody to wait for.
     */
    boolean awaitRest(Lane<?, ?> lane) throws InterruptedException {
        lock.lock();
        try {
            while (serves(lane)) {
                long left = workedNanos + REST_NANOS - now();
                if (crew.busy() > 0 || backlog.items() > 0) {
                    quiet.await();
                } else if (left > 0) {
                    long _ = quiet.awaitNanos(left);
                } else {
                    return true;
                }
            }
            return false;
        } finally {
            settle();
        }
    }

    /** Rest begins anew. */
    void markWork() {
        inLock(() -> workedNanos = now());
    }

    private boolean serves(Lane<?, ?> lane) {
        return !closed && !lane.isDraining();
    }

    private boolean isActive(Lane<?, ?> lane) {
        return lane.queue(Priority.INTERACTIVE).size() > 0
                || lane.queue(Priority.BULK).size() > 0
                || crew.runs(lane);
    }

    void close() {
        inLock(() -> {
            closed = true;
            backlog.drain();
            backlog.lanes().forEach(backlog::dropAll);
            work.signalAll();
            quiet.signalAll();
        });
    }

    Crew.Member member(int index) {
        return locked(() -> crew.member(index));
    }

    Optional<String> stuck() {
        return locked(crew::stuck);
    }

    /** Without the lock. */
    Duration predictedWait(Priority priority) {
        return Duration.ofNanos((long) (forecast.waitMillis(priority, now()) * 1e6));
    }

    QueueLoad load() {
        return locked(() -> {
            crew.saturation().change(crew.busy(), now());
            return new QueueLoad(
                    backlog.items(),
                    backlog.bytes(),
                    backlog.totalMillis() / 1e3 / settings.dispatchers(),
                    crew.busy(),
                    settings.dispatchers(),
                    crew.saturation().share());
        });
    }

    // ---- the lock

    boolean isClosed() {
        return locked(() -> closed);
    }

    /** Inside the lock. */
    Crew crew() {
        return crew;
    }

    /** Inside the lock. */
    Backlog backlog() {
        return backlog;
    }

    /** Inside the lock. */
    private Forecast current() {
        return crew.forecast(
                backlog.waitingMillis(Priority.INTERACTIVE), backlog.waitingMillis(Priority.BULK));
    }

    void inLock(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            settle();
        }
    }

    /** Runs an action under the lock, then completes the promises of what it dropped. */
    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            settle();
        }
    }

    /** Unlocks, then completes the promises of the entries that were dropped. */
    private void settle() {
        List<Dropped> dropped = backlog.takeDropped();
        forecast = current();
        lock.unlock();
        for (Dropped each : dropped) {
            each.settle(listener);
        }
    }
}
