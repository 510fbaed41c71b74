package io.cospace.service.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who goes next: the class whose turn it is, its oldest entry over all lanes, and what runs well
 * with it. A plain state machine over the time it is given; guarded by the lock of {@link Engine}.
 */
final class Scheduler {

    /*
     * Batches of half the size make those who wait for them wait half as long, and cost 2 to 3 % of the throughput (CPU, the
     * bundled text tower: 32 texts of 8 tokens 1.96 ms each, 16 of them 2.02 ms; of 54 tokens, four 13.6 ms, two 13.9 ms).
     */

    /** Part of a full batch that a short one costs at most, unless one entry alone costs more. */
    private static final double SHORT = 0.5;

    /** What was seen so lately goes on. */
    private static final long LATELY_NANOS = 1_000_000_000;

    private final Backlog backlog;
    private final int dispatchers;
    private final long agingNanos;
    private final FairShare share = new FairShare();

    /** Until when interactive calls count as coming. */
    private long interactiveUntilNanos;

    Scheduler(DispatcherSettings settings, Backlog backlog, long nowNanos) {
        this.backlog = backlog;
        this.dispatchers = settings.dispatchers();
        this.agingNanos = settings.agingLimit().toNanos();
        this.interactiveUntilNanos = nowNanos;
    }

    /**
     * Takes the next batch out of the queue.
     *
     * @param idle dispatchers that idle, with the one that asks
     * @param endsNanos when those that do not idle are predicted to be free
     * @return null when nothing may run now
     */
    @Nullable Batch<?, ?> next(long nowNanos, int idle, long[] endsNanos) {
        while (true) {
            Entry<?, ?> interactive = oldest(Priority.INTERACTIVE, nowNanos);
            Entry<?, ?> bulk = oldest(Priority.BULK, nowNanos);
            if (interactive == null && bulk == null) {
                return null;
            }
            if (interactive != null) {
                interactiveUntilNanos = nowNanos + LATELY_NANOS;
            }
            Priority turn = share.next(interactive != null, bulk != null);
            Entry<?, ?> oldest = turn == Priority.INTERACTIVE ? interactive : bulk;
            Batch<?, ?> batch = oldest == null ? null : take(oldest, nowNanos, idle, endsNanos);
            if (batch != null) {
                return batch;
            }
        }
    }

    /** Forms the batch of an entry; null when nobody waits for any of it any more. */
    private <I, O> @Nullable Batch<I, O> take(
            Entry<I, O> oldest, long nowNanos, int idle, long[] endsNanos) {
        Priority priority = oldest.priority;
        boolean overdue = nowNanos - oldest.enqueuedNanos > agingNanos;
        List<Entry<I, O>> chosen =
                isShort(priority, nowNanos)
                        ? chooseShort(oldest, nowNanos, idle, endsNanos)
                        : choose(oldest, nowNanos, idle, Double.POSITIVE_INFINITY);
        chosen.forEach(backlog::unqueue);
        List<Entry<I, O>> wanted = backlog.wanted(chosen, nowNanos);
        if (wanted.isEmpty()) {
            return null;
        }
        wanted.forEach(entry -> entry.state = Entry.State.TAKEN);
        boolean alone = wanted.size() == 1 && backlog.items() == 0 && idle == dispatchers;
        Cores cores = alone && dispatchers > 1 ? Cores.ALL : Cores.ONE;
        Batch<I, O> batch = Batch.of(priority, cores, wanted);
        share.charge(priority, batch.predictedMillis(), overdue);
        return batch;
    }

    private <I, O> List<Entry<I, O>> choose(
            Entry<I, O> oldest, long nowNanos, int idle, double mostMillis) {
        Lane<I, O> lane = oldest.lane;
        return BatchFormer.form(
                lane.queue(oldest.priority),
                lane.settings(),
                nowNanos,
                partOfOne(idle),
                mostMillis);
    }

    /** A batch for which an interactive call waits half as long, or less. */
    private <I, O> List<Entry<I, O>> chooseShort(
            Entry<I, O> oldest, long nowNanos, int idle, long[] endsNanos) {
        double most = SHORT * oldest.lane.cost().fullMillis(oldest.units);
        List<Entry<I, O>> chosen = choose(oldest, nowNanos, idle, most);
        return chosen.subList(0, Spacing.rows(chosen, most, nowNanos, endsNanos));
    }

    /** Whether batches of a class are short: bulk ones, while interactive calls come. */
    private boolean isShort(Priority priority, long nowNanos) {
        return priority == Priority.BULK && nowNanos - interactiveUntilNanos < 0;
    }

    /** Cost at which a batch is large enough: what waits is split over the idle dispatchers. */
    private double partOfOne(int idle) {
        return idle <= 1 ? Double.POSITIVE_INFINITY : backlog.totalMillis() / idle;
    }

    /** The oldest entry of a class among the lanes that need not wait for their batch to fill. */
    private @Nullable Entry<?, ?> oldest(Priority priority, long nowNanos) {
        Entry<?, ?> oldest = null;
        for (Lane<?, ?> lane : backlog.lanes()) {
            Entry<?, ?> head = lane.queue(priority).oldest();
            if (head != null
                    && (oldest == null || head.sequence < oldest.sequence)
                    && ripeInNanos(head, nowNanos) <= 0) {
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
        for (Lane<?, ?> lane : backlog.lanes()) {
            for (Priority priority : Priority.values()) {
                Entry<?, ?> head = lane.queue(priority).oldest();
                if (head != null) {
                    soonest = Math.min(soonest, ripeInNanos(head, nowNanos));
                }
            }
        }
        return soonest;
    }

    private long ripeInNanos(Entry<?, ?> head, long nowNanos) {
        LaneSettings settings = head.lane.settings();
        EntryQueue<?, ?> queue = head.lane.queue(head.priority);
        boolean full = queue.size() >= settings.maxRows() || queue.units() >= settings.maxUnits();
        return full || backlog.isDraining(head.lane)
                ? 0
                : settings.maxWait().toNanos() - (nowNanos - head.enqueuedNanos);
    }
}
