package io.cospace.service.admission;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What one key uses of its limits. Thread-safe. */
final class KeyUsage {

    private final KeyLimits limits;
    private final TokenBucket bucket;
    private final AtomicInteger calls = new AtomicInteger();

    KeyUsage(KeyLimits limits, long nowNanos) {
        this.limits = limits;
        this.bucket = new TokenBucket(limits.itemsPerSecond(), limits.burst(), nowNanos);
    }

    KeyLimits limits() {
        return limits;
    }

    /** Whether one more call is within the limit; it must {@link #leave}. */
    boolean enter() {
        if (calls.incrementAndGet() <= limits.concurrency()) {
            return true;
        }
        calls.decrementAndGet();
        return false;
    }

    void leave() {
        calls.decrementAndGet();
    }

    /** Takes items from the rate; else the time to wait. */
    Optional<Duration> take(int items, long nowNanos) {
        return limits.limitsRate() ? bucket.take(items, nowNanos) : Optional.empty();
    }

    /** Header values of this moment. */
    RateLimitHeaders headers(long nowNanos) {
        return RateLimitHeaders.of(
                limits,
                limits.limitsRate() ? bucket.remaining(nowNanos) : 0,
                limits.limitsRate() ? bucket.untilFull(nowNanos) : Duration.ZERO,
                Math.max(0, limits.concurrency() - calls.get()));
    }
}
