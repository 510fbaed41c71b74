package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits in all lanes, who may join, and who goes next. A plain state machine over the time it
 * is given: no threads, no clock. Guarded by the lock of {@link Dispatchers}.
 */
final class Scheduler {

    private static final double NANOS_PER_MILLI = 1e6;

    private final QueueLimits limits;
    private final int dispatchers;
    private final long agingNanos;
    private final FairShare share = new FairShare();
    private final List<Lane<?, ?>> lanes = new ArrayList<>();

    private List<Dropped> dropped = new ArrayList<>();
    private int items;
    private long bytes;
    private long sequence;
    private boolean draining;

    Scheduler(DispatcherSettings settings) {
        this.limits = settings.limits();
        this.dispatchers = settings.dispatchers();
        this.agingNanos = settings.agingLimit().toNanos();
    }

    void add(Lane<?, ?> lane) {
        lanes.add(lane);
    }

    void remove(Lane<?, ?> lane) {
        lanes.remove(lane);
    }

    List<Lane<?, ?>> lanes() {
        return List.copyOf(lanes);
    }

    /** Admits nothing from now on. */
    void drain() {
        draining = true;
    }

    // ---- the door

    /**
     * Checks whether a call may join.
     *
     * @param runningMillis predicted rest of the batches that run now, summed
     * @return why not, or null: it may
     */
    @Nullable RefusedException refusal(
            Lane<?, ?> lane, Demand demand, double runningMillis, long nowNanos) {
        double waitMillis = predictedWaitMillis(demand.priority(), runningMillis);
        Duration wait = Duration.ofNanos((long) (waitMillis * NANOS_PER_MILLI));
        if (draining || lane.isDraining()) {
            return new RefusedException(
                    RefusedException.Reason.DRAINING, wait, lane.name() + " is shutting down");
        }
        if (items + demand.items() > limits.maxItems()) {
            return new RefusedException(
                    RefusedException.Reason.QUEUE_ITEMS,
                    wait,
                    "%d items wait and %d more came; at most %d may wait"
                            .formatted(items, demand.items(), limits.maxItems()));
        }
        if (bytes + demand.bytes() > limits.maxBytes()) {
            return new RefusedException(
                    RefusedException.Reason.QUEUE_BYTES,
                    wait,
                    "%d bytes wait and %d more came; at most %d may wait"
                            .formatted(bytes, demand.bytes(), limits.maxBytes()));
        }
        if (wait.compareTo(limits.maxWait()) > 0) {
            return new RefusedException(
                    RefusedException.Reason.QUEUE_SECONDS,
                    wait,
                    "the predicted wait is %d ms; at most %d ms"
                            .formatted(wait.toMillis(), limits.maxWait().toMillis()));
        }
        double answeredMillis = waitMillis + demand.millis() / dispatchers;
        if (demand.deadlineNanos() != Job.NO_DEADLINE
                && answeredMillis * NANOS_PER_MILLI > demand.deadlineNanos() - nowNanos) {
            return new RefusedException(
                    RefusedException.Reason.DEADLINE,
                    wait,
                    "the answer would take %d ms; the deadline is in %d ms"
                            .formatted(
                                    (long) answeredMillis,
                                    Math.max(0, demand.deadlineNanos() - nowNanos) / 1_000_000));
        }
        return null;
    }

    /** Queues an item, or lets it join an equal one in flight. */
    <I, O> Promise<I, O> admit(Lane<I, O> lane, Job<I> job, long nowNanos) {
        Object key = job.key();
        Entry<I, O> twin = key == null ? null : lane.inFlight.get(key);
        if (twin != null) {
            return join(twin, job, nowNanos);
        }
        Entry<I, O> entry =
                new Entry<>(lane, job, sequence++, nowNanos, lane.cost().share(job.units()));
        Promise<I, O> promise = entry.join(job, nowNanos);
        if (key != null) {
            lane.inFlight.put(key, entry);
        }
        enqueue(entry);
        items++;
        bytes += entry.bytes;
        return promise;
    }

    private <I, O> Promise<I, O> join(Entry<I, O> twin, Job<I> job, long nowNanos) {
        Promise<I, O> promise = twin.join(job, nowNanos);
        if (twin.state == Entry.State.QUEUED) {
            items++;
            if (job.priority() == Priority.INTERACTIVE && twin.priority == Priority.BULK) {
                unlink(twin);
                twin.priority = Priority.INTERACTIVE;
                enqueue(twin);
            }
        }
        return promise;
    }

    // ---- the choice

    /**
     * Takes the next batch out of the queue: the class whose turn it is, its oldest entry over all
     * lanes, and what runs well with it.
     *
     * @param idleOthers dispatchers that idle beside the one that asks
     * @return null when nothing may run now
     */
    @Nullable Batch<?, ?> next(long nowNanos, int idleOthers) {
        while (true) {
            Entry<?, ?> interactive = oldest(Priority.INTERACTIVE, nowNanos);
            Entry<?, ?> bulk = oldest(Priority.BULK, nowNanos);
            Entry<?, ?> chosen;
            if (interactive != null && bulk != null) {
                chosen = share.next() == Priority.INTERACTIVE ? interactive : bulk;
            } else {
                chosen = interactive != null ? interactive : bulk;
            }
            if (chosen == null) {
                return null;
            }
            Batch<?, ?> batch = take(chosen, nowNanos, idleOthers);
            if (batch != null) {
                return batch;
            }
        }
    }

    private <I, O> @Nullable Batch<I, O> take(Entry<I, O> oldest, long nowNanos, int idleOthers) {
        Lane<I, O> lane = oldest.lane;
        Priority priority = oldest.priority;
        double target =
                idleOthers == 0 ? Double.POSITIVE_INFINITY : totalMillis() / (idleOthers + 1);
        List<Entry<I, O>> chosen =
                BatchFormer.form(lane.queue(priority), lane.settings(), nowNanos, target);
        boolean overdue = nowNanos - oldest.enqueuedNanos > agingNanos;
        List<Entry<I, O>> live = new ArrayList<>(chosen.size());
        for (Entry<I, O> entry : chosen) {
            if (entry.isLate(nowNanos)) {
                dropLate(entry);
            } else {
                unqueue(entry);
                entry.state = Entry.State.TAKEN;
                live.add(entry);
            }
        }
        if (live.isEmpty()) {
            return null;
        }
        boolean alone = live.size() == 1 && items == 0 && idleOthers == dispatchers - 1;
        Cores cores = alone && dispatchers > 1 ? Cores.ALL : Cores.ONE;
        Batch<I, O> batch = Batch.of(priority, cores, live);
        share.charge(priority, batch.predictedMillis(), overdue);
        return batch;
    }

    /** The oldest entry of a class among the lanes that need not wait for their batch to fill. */
    private @Nullable Entry<?, ?> oldest(Priority priority, long nowNanos) {
        Entry<?, ?> oldest = null;
        for (Lane<?, ?> lane : lanes) {
            Entry<?, ?> head = lane.queue(priority).oldest();
            if (head != null
                    && (oldest == null || head.sequence < oldest.sequence)
                    && ripeInNanos(lane, priority, head, nowNanos) <= 0) {
                oldest = head;
            }
        }
        return oldest;
    }

    /**
     * Time until some lane's oldest entry has waited long enough; Long.MAX_VALUE: nothing waits.
     */
    long ripeInNanos(long nowNanos) {
        long soonest = Long.MAX_VALUE;
        for (Lane<?, ?> lane : lanes) {
            for (Priority priority : Priority.values()) {
                Entry<?, ?> head = lane.queue(priority).oldest();
                if (head != null) {
                    soonest = Math.min(soonest, ripeInNanos(lane, priority, head, nowNanos));
                }
            }
        }
        return soonest;
    }

    private long ripeInNanos(Lane<?, ?> lane, Priority priority, Entry<?, ?> head, long nowNanos) {
        LaneSettings settings = lane.settings();
        EntryQueue<?, ?> queue = lane.queue(priority);
        boolean full = queue.size() >= settings.maxRows() || queue.units() >= settings.maxUnits();
        if (full || draining || lane.isDraining()) {
            return 0;
        }
        return settings.maxWait().toNanos() - (nowNanos - head.enqueuedNanos);
    }

    // ---- leaving the queue without running

    /**
     * A caller has left; with the last one the entry leaves too.
     *
     * @return whether the entry was dropped
     */
    boolean left(Entry<?, ?> entry) {
        if (entry.state != Entry.State.QUEUED) {
            return false;
        }
        if (entry.isAbandoned()) {
            unqueue(entry);
            finish(entry);
            return true;
        }
        items--;
        entry.waiters--;
        return false;
    }

    /** Takes out every entry whose deadline cannot be met any more, or that nobody waits for. */
    void dropLate(long nowNanos) {
        forEach(entry -> {
            if (entry.isLate(nowNanos)) {
                dropLate(entry);
            }
        });
    }

    private void dropLate(Entry<?, ?> entry) {
        drop(
                entry,
                entry.isAbandoned()
                        ? BatchListener.DropReason.CANCELLED
                        : BatchListener.DropReason.LATE);
    }

    /** Takes out everything that waits in a lane. */
    void dropAll(Lane<?, ?> lane) {
        forEach(entry -> {
            if (entry.lane == lane) {
                drop(entry, BatchListener.DropReason.DRAINED);
            }
        });
    }

    private void drop(Entry<?, ?> entry, BatchListener.DropReason reason) {
        unqueue(entry);
        finish(entry);
        dropped.add(new Dropped(entry, reason));
    }

    private void forEach(Consumer<Entry<?, ?>> action) {
        for (Lane<?, ?> lane : lanes) {
            for (Priority priority : Priority.values()) {
                Entry<?, ?> entry = lane.queue(priority).oldest();
                while (entry != null) {
                    Entry<?, ?> following = entry.next;
                    action.accept(entry);
                    entry = following;
                }
            }
        }
    }

    boolean hasDropped() {
        return !dropped.isEmpty();
    }

    /** The entries dropped since the last call; the caller must complete their promises. */
    List<Dropped> takeDropped() {
        if (dropped.isEmpty()) {
            return List.of();
        }
        List<Dropped> taken = dropped;
        dropped = new ArrayList<>();
        return taken;
    }

    /** Ends an entry: nobody can join it any more. */
    static void finish(Entry<?, ?> entry) {
        entry.state = Entry.State.DONE;
        if (entry.key != null) {
            entry.lane.inFlight.remove(entry.key, entry);
        }
    }

    // ---- sums

    /**
     * Predicted wait of a new item of a class: what runs, what waits before it in its own class,
     * and as much of the other class as its share lets pass meanwhile, over the number of
     * dispatchers.
     */
    double predictedWaitMillis(Priority priority, double runningMillis) {
        double interactive = waiting(Priority.INTERACTIVE);
        double bulk = waiting(Priority.BULK);
        double ahead =
                switch (priority) {
                    case INTERACTIVE ->
                            interactive
                                    + Math.min(bulk, interactive / FairShare.INTERACTIVE_WEIGHT);
                    case BULK -> bulk + Math.min(interactive, bulk * FairShare.INTERACTIVE_WEIGHT);
                };
        return (runningMillis + ahead) / dispatchers;
    }

    int items() {
        return items;
    }

    long bytes() {
        return bytes;
    }

    double totalMillis() {
        return waiting(Priority.INTERACTIVE) + waiting(Priority.BULK);
    }

    private double waiting(Priority priority) {
        double millis = 0;
        for (Lane<?, ?> lane : lanes) {
            millis += lane.queue(priority).cost();
        }
        return millis;
    }

    private <I, O> void enqueue(Entry<I, O> entry) {
        EntryQueue<I, O> queue = entry.lane.queue(entry.priority);
        if (isEmpty(entry.priority)) {
            share.activate(entry.priority);
        }
        queue.add(entry);
    }

    private <I, O> void unqueue(Entry<I, O> entry) {
        unlink(entry);
        items -= entry.waiters;
        bytes -= entry.bytes;
    }

    private <I, O> void unlink(Entry<I, O> entry) {
        entry.lane.queue(entry.priority).remove(entry);
    }

    private boolean isEmpty(Priority priority) {
        for (Lane<?, ?> lane : lanes) {
            if (lane.queue(priority).size() > 0) {
                return false;
            }
        }
        return true;
    }
}
