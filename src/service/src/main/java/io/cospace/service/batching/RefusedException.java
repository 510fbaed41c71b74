package io.cospace.service.batching;

import java.time.Duration;

/** Thrown at the door: nothing of the call was admitted, and nothing was computed. */
public final class RefusedException extends BatchingException {

    private static final long serialVersionUID = 1L;

    /** Which bound the call met. */
    public enum Reason {
        /** The queue holds as many items as it may. */
        QUEUE_ITEMS,
        /** The waiting items hold as much memory as they may. */
        QUEUE_BYTES,
        /** The predicted wait is longer than any caller should wait. */
        QUEUE_SECONDS,
        /** The predicted wait passes the deadline of the call. */
        DEADLINE,
        /** The lane or the process shuts down. */
        DRAINING
    }

    private final Reason reason;
    private final Duration predictedWait;

    RefusedException(Reason reason, Duration predictedWait, String message) {
        super(message);
        this.reason = reason;
        this.predictedWait = predictedWait;
    }

    public Reason reason() {
        return reason;
    }

    /** Time until the work that is queued now is done: what {@code Retry-After} should say. */
    public Duration predictedWait() {
        return predictedWait;
    }
}
