package io.cospace.service.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the entries that run with the oldest one. The oldest always runs, so nothing starves; the
 * rest are those of the look-ahead whose length is nearest to its own, as long as rows, padded
 * units and padding stay within the lane's budget.
 */
final class BatchFormer {

    /** Sums of costs carry rounding errors; a part is full when it is that close. */
    private static final double ALMOST = 1 - 1e-9;

    private BatchFormer() {}

    /**
     * @param queue not empty; not changed
     * @param targetMillis the batch takes no further entry once it costs as much: the part of one
     *     dispatcher, when others idle
     * @param mostMillis the batch takes no entry with which it would cost more
     */
    static <I, O> List<Entry<I, O>> form(
            EntryQueue<I, O> queue,
            LaneSettings settings,
            long nowNanos,
            double targetMillis,
            double mostMillis) {
        Entry<I, O> oldest = queue.oldest();
        if (oldest == null) {
            throw new IllegalArgumentException("the queue is empty");
        }
        List<Entry<I, O>> batch = new ArrayList<>();
        batch.add(oldest);
        if (queue.size() == 1 || settings.maxRows() == 1) {
            return batch;
        }
        long units = oldest.units;
        int longest = oldest.units;
        double cost = oldest.cost;
        for (Entry<I, O> candidate : nearest(oldest, settings.lookAhead())) {
            if (batch.size() >= settings.maxRows() || cost >= targetMillis * ALMOST) {
                break;
            }
            int newLongest = Math.max(longest, candidate.units);
            long padded = (batch.size() + 1L) * newLongest;
            long newUnits = units + candidate.units;
            boolean alike = padded - newUnits <= settings.maxPadding() * padded;
            boolean aged = nowNanos - candidate.enqueuedNanos > settings.ageLimit().toNanos();
            boolean cheap = cost + candidate.cost <= mostMillis / ALMOST;
            if (padded <= settings.maxUnits() && (alike || aged) && cheap) {
                batch.add(candidate);
                units = newUnits;
                longest = newLongest;
                cost += candidate.cost;
            }
        }
        return batch;
    }

    /** The entries behind the oldest, nearest in length first, older first among equals. */
    private static <I, O> List<Entry<I, O>> nearest(Entry<I, O> oldest, int lookAhead) {
        List<Entry<I, O>> candidates = new ArrayList<>();
        @Nullable Entry<I, O> entry = oldest.next;
        while (entry != null && candidates.size() < lookAhead) {
            candidates.add(entry);
            entry = entry.next;
        }
        candidates.sort(Comparator.comparingInt(e -> Math.abs(e.units - oldest.units)));
        return candidates;
    }
}
