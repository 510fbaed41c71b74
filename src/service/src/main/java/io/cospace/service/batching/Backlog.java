package io.cospace.service.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits in all lanes, its sums, and the door before it. A plain state machine over the time it
 * is given; guarded by the lock of {@link Engine}.
 */
final class Backlog {

    private static final double NANOS_PER_MILLI = 1e6;

    private final QueueLimits limits;
    private final int dispatchers;
    private final List<Lane<?, ?>> lanes = new ArrayList<>();
    private List<Dropped> dropped = new ArrayList<>();
    private int items;
    private long bytes;
    private long sequence;
    private boolean draining;

    Backlog(DispatcherSettings settings) {
        this.limits = settings.limits();
        this.dispatchers = settings.dispatchers();
    }

    void add(Lane<?, ?> lane) {
        lanes.add(lane);
    }

    void remove(Lane<?, ?> lane) {
        lanes.remove(lane);
    }

    List<Lane<?, ?>> lanes() {
        return lanes;
    }

    /** Admits nothing from now on. */
    void drain() {
        draining = true;
    }

    boolean isDraining(Lane<?, ?> lane) {
        return draining || lane.isDraining();
    }

    // ---- the door

    /**
     * Checks whether a call may join.
     *
     * @param waitMillis predicted wait of its class
     * @return why not, or null: it may
     */
    @Nullable RefusedException refusal(
            Lane<?, ?> lane, Demand demand, double waitMillis, long nowNanos) {
        Duration wait = Duration.ofNanos((long) (waitMillis * NANOS_PER_MILLI));
        if (isDraining(lane)) {
            return new RefusedException(
                    RefusedException.Reason.DRAINING,
                    wait,
                    "the %s lane is shutting down".formatted(lane.name()));
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
        if (demand.millis() > 0 && wait.compareTo(limits.maxWait()) > 0) {
            return new RefusedException(
                    RefusedException.Reason.QUEUE_SECONDS,
                    wait,
                    "the predicted wait is %d ms; at most %d ms"
                            .formatted(wait.toMillis(), limits.maxWait().toMillis()));
        }
        return late(demand, wait, waitMillis + demand.millis() / dispatchers, nowNanos);
    }

    private static @Nullable RefusedException late(
            Demand demand, Duration wait, double answerMillis, long nowNanos) {
        if (demand.deadlineNanos() == Job.NO_DEADLINE) {
            return null;
        }
        double leftMillis = (demand.deadlineNanos() - nowNanos) / NANOS_PER_MILLI;
        if (answerMillis <= leftMillis) {
            return null;
        }
        return new RefusedException(
                RefusedException.Reason.DEADLINE,
                wait,
                String.format(
                        Locale.ROOT,
                        "the answer would take %.1f ms; the deadline is in %.1f ms",
                        answerMillis,
                        leftMillis));
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
        if (key != null) {
            lane.inFlight.put(key, entry);
        }
        lane.queue(entry.priority).add(entry);
        items++;
        bytes += entry.bytes;
        return entry.join(job, nowNanos);
    }

    /** A second caller of an equal item; an interactive one takes a bulk item with it. */
    private <I, O> Promise<I, O> join(Entry<I, O> twin, Job<I> job, long nowNanos) {
        if (twin.state == Entry.State.QUEUED) {
            items++;
            if (job.priority() == Priority.INTERACTIVE && twin.priority == Priority.BULK) {
                twin.lane.queue(Priority.BULK).remove(twin);
                twin.priority = Priority.INTERACTIVE;
                twin.sequence = sequence++;
                twin.lane.queue(Priority.INTERACTIVE).add(twin);
            }
        }
        return twin.join(job, nowNanos);
    }

    // ---- leaving the queue

    /** Takes an entry out of the queue, to run it or to drop it. */
    <I, O> void unqueue(Entry<I, O> entry) {
        entry.lane.queue(entry.priority).remove(entry);
        items -= entry.waiters;
        bytes -= entry.bytes;
    }

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
                drop(Dropped.late(entry));
            }
        });
    }

    /** Takes out everything that waits in a lane. */
    void dropAll(Lane<?, ?> lane) {
        forEach(entry -> {
            if (entry.lane == lane) {
                drop(new Dropped(entry, BatchListener.DropReason.DRAINED));
            }
        });
    }

    private void drop(Dropped drop) {
        unqueue(drop.entry());
        finish(drop.entry());
        dropped.add(drop);
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

    /**
     * Those of some entries out of the queue that somebody still waits for; the rest is dropped.
     */
    <I, O> List<Entry<I, O>> wanted(List<Entry<I, O>> entries, long nowNanos) {
        List<Entry<I, O>> wanted = new ArrayList<>(entries.size());
        for (Entry<I, O> entry : entries) {
            if (entry.isLate(nowNanos)) {
                finish(entry);
                dropped.add(Dropped.late(entry));
            } else {
                wanted.add(entry);
            }
        }
        return wanted;
    }

    /** Ends an entry: nobody can join it any more. */
    static void finish(Entry<?, ?> entry) {
        entry.state = Entry.State.DONE;
        if (entry.key != null) {
            entry.lane.inFlight.remove(entry.key, entry);
        }
    }

    /** The entries dropped since the last call; the caller completes their promises, unlocked. */
    List<Dropped> takeDropped() {
        if (dropped.isEmpty()) {
            return List.of();
        }
        List<Dropped> taken = dropped;
        dropped = new ArrayList<>();
        return taken;
    }

    boolean hasDropped() {
        return !dropped.isEmpty();
    }

    // ---- sums

    /** Waiting callers. */
    int items() {
        return items;
    }

    /** Memory of the waiting items. */
    long bytes() {
        return bytes;
    }

    /** Predicted cost of all that waits. */
    double totalMillis() {
        return waitingMillis(Priority.INTERACTIVE) + waitingMillis(Priority.BULK);
    }

    /** Predicted cost of what waits in a class. */
    double waitingMillis(Priority priority) {
        double millis = 0;
        for (Lane<?, ?> lane : lanes) {
            millis += lane.queue(priority).cost();
        }
        return millis;
    }
}
