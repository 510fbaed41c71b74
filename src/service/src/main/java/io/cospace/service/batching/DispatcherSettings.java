package io.cospace.service.batching;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The threads that serve a set of lanes.
 *
 * @param dispatchers on CPU as many as cores; on GPU one a device; at least 1
 * @param limits bounds of what waits in all lanes together
 * @param agingLimit a class whose oldest entry has waited longer shares half and half instead of 4
 *     to 1 until that entry has run
 * @param overrunFloor a run is never called stuck before this time
 * @param overrunFactor a run is stuck past this many times its predicted time; at least 1
 * @param niceness how far the threads stand back, see {@link CpuShare}
 */
public record DispatcherSettings(
        int dispatchers,
        QueueLimits limits,
        Duration agingLimit,
        Duration overrunFloor,
        double overrunFactor,
        int niceness) {

    public DispatcherSettings {
        requireNonNull(limits, "limits is null");
        requireNonNull(agingLimit, "agingLimit is null");
        requireNonNull(overrunFloor, "overrunFloor is null");
        if (dispatchers < 1) {
            throw new IllegalArgumentException(
                    "dispatchers is %d; must be at least 1".formatted(dispatchers));
        }
        if (!(overrunFactor >= 1)) {
            throw new IllegalArgumentException(
                    "overrunFactor is %s; must be at least 1".formatted(overrunFactor));
        }
    }

    /** Aging after 10 s; stuck past max(60 s, 30 x prediction). */
    public static DispatcherSettings of(int dispatchers, QueueLimits limits) {
        return new DispatcherSettings(
                dispatchers, limits, Duration.ofSeconds(10), Duration.ofSeconds(60), 30, 0);
    }
}
