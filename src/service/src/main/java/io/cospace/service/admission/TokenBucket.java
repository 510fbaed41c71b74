package io.cospace.service.admission;

import java.time.Duration;
import java.util.Optional;

/**
 * A rate of items with bursts. A call may take more than the burst at once: it needs a full bucket
 * and leaves a debt, so that no call is refused for ever and the long-run rate holds. Thread-safe.
 */
final class TokenBucket {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Sums carry rounding errors; who waited as told must pass. */
    private static final double TOLERANCE = 1e-6;

    private final double rate;
    private final int burst;
    private double tokens;
    private long lastNanos;

    TokenBucket(double itemsPerSecond, int burst, long nowNanos) {
        this.rate = itemsPerSecond;
        this.burst = burst;
        this.tokens = burst;
        this.lastNanos = nowNanos;
    }

    /**
     * Takes items.
     *
     * @return empty: taken; else the time until the same call would be
     */
    synchronized Optional<Duration> take(int items, long nowNanos) {
        refill(nowNanos);
        double missing = Math.min(items, burst) - tokens;
        if (missing > TOLERANCE) {
            return Optional.of(seconds(missing / rate));
        }
        tokens -= items;
        return Optional.empty();
    }

    /** Whole items that may come now; a debt counts as 0. */
    synchronized long remaining(long nowNanos) {
        refill(nowNanos);
        return (long) Math.max(0, Math.floor(tokens));
    }

    /** Time until the bucket is full. */
    synchronized Duration untilFull(long nowNanos) {
        refill(nowNanos);
        return seconds((burst - tokens) / rate);
    }

    private void refill(long nowNanos) {
        double elapsed = Math.max(0, nowNanos - lastNanos) / NANOS_PER_SECOND;
        tokens = Math.min(burst, tokens + elapsed * rate);
        lastNanos = nowNanos;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos((long) Math.ceil(seconds * NANOS_PER_SECOND));
    }
}
