package io.cospace.service.batching;

import java.util.List;

/**
 * Keeps the ends of short batches apart, so that whoever comes at a random moment soon finds a
 * dispatcher free: two that always end together are one that is free half as often. A batch that
 * starts is made as long as puts its end farthest from those of the others, now and at the rounds
 * that follow.
 */
final class Spacing {

    /** Part of the longest short batch that one is cut to at most: calls have a fixed cost. */
    private static final double LEAST = 0.5;

    private static final double NANOS_PER_MILLI = 1e6;

    private Spacing() {}

    /**
     * How many of the first entries shall run.
     *
     * @param entries of one lane, at least one, in the order in which they join the batch
     * @param roundMillis cost of the longest short batch: how often a dispatcher becomes free
     * @param endsNanos predicted ends of the other dispatchers' batches
     * @return 1 .. the number of entries
     */
    static <I, O> int rows(
            List<Entry<I, O>> entries, double roundMillis, long nowNanos, long[] endsNanos) {
        LaneCost cost = entries.getFirst().lane.cost();
        int best = entries.size();
        double widest = -1;
        long units = 0;
        int longest = 0;
        for (int rows = 1; rows <= entries.size(); rows++) {
            Entry<I, O> last = entries.get(rows - 1);
            units += last.units;
            longest = Math.max(longest, last.units);
            double millis = cost.millis(Cores.ONE, rows, units, longest);
            boolean mayEnd = rows == entries.size() || millis >= LEAST * roundMillis;
            double gap = mayEnd ? gap(millis, roundMillis, nowNanos, endsNanos) : -1;
            if (gap >= widest) {
                widest = gap;
                best = rows;
            }
        }
        return best;
    }

    /** Distance to the nearest end of another, on a circle of one round. */
    private static double gap(double millis, double roundMillis, long nowNanos, long[] endsNanos) {
        double gap = roundMillis / 2;
        for (long end : endsNanos) {
            double rest = Math.max(0, (end - nowNanos) / NANOS_PER_MILLI);
            double apart = Math.abs(millis - rest) % roundMillis;
            gap = Math.min(gap, Math.min(apart, roundMillis - apart));
        }
        return gap;
    }
}
