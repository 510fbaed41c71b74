package io.cospace.evaluate.bench;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measurement.
 *
 * @param items inputs that were answered
 * @param seconds wall clock, until the last of them
 * @param cpuSeconds of the process that did the work; NaN when nobody could tell
 * @param clientCpuSeconds of this process while it only sent requests; NaN for a bare loop
 * @param latency of requests in microseconds; null for a bare loop
 * @param refusals latency from sending to a refusal (429 or 503), in microseconds; null for a bare
 *     loop
 * @param withoutRetryAfter refusals that do not say when to come again
 * @param errors requests that were neither answered with 200 nor refused, by status; 0: no answer
 */
public record Sample(
        long items,
        double seconds,
        double cpuSeconds,
        double clientCpuSeconds,
        @Nullable Histogram latency,
        @Nullable Histogram refusals,
        long withoutRetryAfter,
        Map<Integer, Long> errors) {
    /** Copies the errors. */
    public Sample {
        errors = new TreeMap<>(errors);
    }

    /** Of a bare loop, which has no requests. */
    static Sample ofLoop(long items, double seconds, double cpuSeconds) {
        return new Sample(items, seconds, cpuSeconds, Double.NaN, null, null, 0, Map.of());
    }

    /** Inputs a second of wall clock. */
    public double itemsPerSecond() {
        return items / seconds;
    }

    /** The sturdier form on a shared machine: CPU time an input, in milliseconds. */
    public double cpuMillisPerItem() {
        return 1000 * cpuSeconds / items;
    }

    /** Requests that were refused: the service says that it has too much to do. */
    public long refused() {
        return refusals == null ? 0 : refusals.getTotalCount();
    }

    /** All requests that failed; refusals are none of them. */
    public long failed() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
