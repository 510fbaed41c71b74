package io.cospace.service.admission;

import java.time.Duration;

/** Value of the response field {@code Retry-After}. */
public final class RetryAfter {

    private RetryAfter() {}

    /**
     * Whole seconds, rounded up, at least 1: a client must not come back before the time is over.
     */
    public static long seconds(Duration wait) {
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }
}
