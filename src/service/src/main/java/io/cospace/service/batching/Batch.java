package io.cospace.service.batching;

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
