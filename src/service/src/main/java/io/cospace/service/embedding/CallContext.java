package io.cospace.service.embedding;

import io.cospace.service.batching.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What every step of one call may ask: since when it runs, until when, and whether anyone still
 * waits. Thread-safe.
 */
public final class CallContext {

    private final long startNanos;
    private final Duration timeout;
    private final Priority priority;
    private final List<Runnable> onCancel = new ArrayList<>(1);
    private boolean cancelled;

    /**
     * @param startNanos {@link System#nanoTime} when the call had fully arrived
     * @param timeout time it has from then on
     * @param priority class of its items
     */
    public CallContext(long startNanos, Duration timeout, Priority priority) {
        this.startNanos = startNanos;
        this.timeout = timeout;
        this.priority = priority;
    }

    /** A call that somebody waits for. */
    public static CallContext interactive(long startNanos, Duration timeout) {
        return new CallContext(startNanos, timeout, Priority.INTERACTIVE);
    }

    public Priority priority() {
        return priority;
    }

    public long startNanos() {
        return startNanos;
    }

    public Duration timeout() {
        return timeout;
    }

    /** Latest useful moment on the clock of {@link System#nanoTime}. */
    public long deadlineNanos() {
        return startNanos + timeout.toNanos();
    }

    /** Says that nobody waits for the answer any more; what has not run yet is given up. */
    public void cancel() {
        List<Runnable> actions;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            actions = List.copyOf(onCancel);
            onCancel.clear();
        }
        actions.forEach(Runnable::run);
    }

    /** Runs {@code action} when the call is cancelled; at once when it is cancelled already. */
    void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                onCancel.add(action);
                return;
            }
        }
        action.run();
    }
}
