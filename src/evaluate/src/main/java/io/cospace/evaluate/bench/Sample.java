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
 * @param errors requests that were not answered with 200, by status; 0: no answer
 */
public record Sample(
        long items,
        double seconds,
        double cpuSeconds,
        double clientCpuSeconds,
        @Nullable Histogram latency,
        Map<Integer, Long> errors) {
    /** Copies the errors. */
    public Sample {
        errors = new TreeMap<>(errors);
    }

    /** Inputs a second of wall clock. */
    public double itemsPerSecond() {
        return items / seconds;
    }

    /** The sturdier form on a shared machine: CPU time an input, in milliseconds. */
    public double cpuMillisPerItem() {
        return 1000 * cpuSeconds / items;
    }

    /** All requests that failed. */
    public long failed() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
