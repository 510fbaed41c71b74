package io.cospace.service.batching;

/**
 * What waits and runs at one moment: the gauges to scale on.
 *
 * @param items entries that wait in all lanes
 * @param bytes memory they hold
 * @param seconds predicted work that waits, divided by the number of dispatchers
 * @param busy dispatchers that run a batch
 * @param dispatchers their number
 * @param saturation share of time that dispatchers were busy, 0 .. 1, smoothed over about 10 s
 */
public record QueueLoad(
        int items, long bytes, double seconds, int busy, int dispatchers, double saturation) {}
