package io.cospace.service.batching;

import java.util.ArrayList;
import java.util.List;

/**
 * Entries of one lane that run together.
 *
 * @param entries at least one; their order is the order of the slots
 * @param predictedMillis cost by the lane's model
 */
record Batch<I, O>(
        Lane<I, O> lane,
        Priority priority,
        Cores cores,
        List<Entry<I, O>> entries,
        double predictedMillis) {

    static <I, O> Batch<I, O> of(Priority priority, Cores cores, List<Entry<I, O>> entries) {
        Lane<I, O> lane = entries.getFirst().lane;
        double millis = lane.cost().millis(cores, entries.size(), units(entries), longest(entries));
        return new Batch<>(lane, priority, cores, entries, millis);
    }

    /** Two halves, or the one item, of the entries that are still wanted; none when none is. */
    static <I, O> List<Batch<I, O>> halves(Priority priority, List<Entry<I, O>> wanted) {
        int half = wanted.size() / 2;
        List<Batch<I, O>> parts = new ArrayList<>(2);
        for (List<Entry<I, O>> part :
                List.of(wanted.subList(0, half), wanted.subList(half, wanted.size()))) {
            if (!part.isEmpty()) {
                parts.add(of(priority, Cores.ONE, List.copyOf(part)));
            }
        }
        return parts;
    }

    int rows() {
        return entries.size();
    }

    long units() {
        return units(entries);
    }

    long paddedUnits() {
        return (long) rows() * longest(entries);
    }

    private static <I, O> long units(List<Entry<I, O>> entries) {
        long sum = 0;
        for (Entry<I, O> entry : entries) {
            sum += entry.units;
        }
        return sum;
    }

    private static <I, O> int longest(List<Entry<I, O>> entries) {
        int longest = 0;
        for (Entry<I, O> entry : entries) {
            longest = Math.max(longest, entry.units);
        }
        return longest;
    }
}
