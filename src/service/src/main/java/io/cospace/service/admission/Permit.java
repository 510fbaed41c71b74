package io.cospace.service.admission;

import io.cospace.service.batching.Priority;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call that may come in. It counts against its key's concurrency until it is closed, exactly
 * once, whatever becomes of the call. Thread-safe.
 */
public final class Permit implements AutoCloseable {

    private final Admission admission;
    private final ApiKey key;
    private final KeyUsage usage;
    private final Priority priority;
    private final Duration timeout;
    private final long deadlineNanos;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Whether it counts as open; written before the call is handed on. */
    private volatile boolean open;

    Permit(
            Admission admission,
            ApiKey key,
            KeyUsage usage,
            Priority priority,
            Duration timeout,
            long deadlineNanos) {
        this.admission = admission;
        this.key = key;
        this.usage = usage;
        this.priority = priority;
        this.timeout = timeout;
        this.deadlineNanos = deadlineNanos;
    }

    /** Name of the key; {@code anonymous} without one. */
    public String caller() {
        return key.name();
    }

    /** The class the call gets: what it asked for, or less where its key is capped. */
    public Priority priority() {
        return priority;
    }

    /** Time the call had when it came. */
    public Duration timeout() {
        return timeout;
    }

    /** When that time is over, on the clock of {@link System#nanoTime}. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /**
     * Says that all of the call has arrived and that it is answered now; called once at most. Those
     * that were let in while it was on its way may have taken the last room.
     *
     * @throws RefusalException with {@link Refusal.Overloaded} when they have
     */
    public void arrived() {
        open = admission.open(key, priority);
    }

    /**
     * Takes the call's texts and images from the rate of its key. May be called again as a stream
     * brings more.
     *
     * @throws RefusalException with {@link Refusal.RateLimited} when they are too many now
     */
    public void charge(int items) {
        admission.charge(key, usage, items);
    }

    /** Values of the {@code RateLimit} fields for the answer. */
    public RateLimitHeaders headers() {
        return admission.headers(usage);
    }

    /** Whether this is the last call of its connection: the process is about to end. */
    public boolean isDraining() {
        return admission.calls().isDraining();
    }

    /**
     * Runs an action when the process begins to end, at once when it has: for a call that may last
     * as long as its client likes.
     */
    public void onDrain(Runnable action) {
        admission.calls().onDrain(this, action);
    }

    /**
     * Says that the answer is on its way to the client. A drain waits for it, though the call
     * itself may be closed.
     *
     * @return to be run when it has been written, or cannot be
     */
    public Runnable delivering() {
        Object delivery = new Object();
        admission.calls().follow(delivery);
        return () -> admission.calls().leave(delivery);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            usage.leave();
            if (open) {
                admission.closed();
            }
            admission.calls().leave(this);
        }
    }
}
