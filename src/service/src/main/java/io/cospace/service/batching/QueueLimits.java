package io.cospace.service.batching;

import java.time.Duration;

/**
 * Bounds of the work that waits in all lanes of one {@link Dispatchers}; past them a call is
 * refused.
 *
 * @param maxItems most waiting items
 * @param maxBytes most memory of the waiting items
 * @param maxWait longest predicted wait
 */
public record QueueLimits(int maxItems, long maxBytes, Duration maxWait) {

    public QueueLimits {
        if (maxItems < 1 || maxBytes < 1 || maxWait.isNegative() || maxWait.isZero()) {
            throw new IllegalArgumentException(
                    "queue limits are %d items, %d bytes, %s; each must be positive"
                            .formatted(maxItems, maxBytes, maxWait));
        }
    }

    /** 8,192 items, 512 MiB, 10 seconds. */
    public static QueueLimits defaults() {
        return new QueueLimits(8_192, 512L << 20, Duration.ofSeconds(10));
    }
}
