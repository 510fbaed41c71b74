package io.cospace.service.batching;

/**
 * What happens in the lanes, for metrics and logs. Called by any thread, outside the lock; must be
 * thread-safe and quick. What it throws is ignored.
 */
public interface BatchListener {

    /** Observes nothing. */
    BatchListener NONE = new BatchListener() {};

    /** A run came back, well or not. */
    default void ran(BatchRun run) {}

    /** One item was answered; {@code rows} 0: from the cache. */
    default void answered(
            String lane, Priority priority, long queueNanos, long runNanos, int rows) {}

    /** One item failed although it ran alone, or its run never came back. */
    default void failed(String lane, Priority priority, Throwable cause) {}

    /** A call of so many items was turned away. */
    default void refused(
            String lane, Priority priority, RefusedException.Reason reason, int items) {}

    /** An admitted item was given up before it ran. */
    default void dropped(String lane, Priority priority, DropReason reason) {}

    /** An item with a key was looked up. */
    default void lookedUp(String lane, Lookup lookup) {}

    /** A dispatcher thread died or is stuck, and another took its place. */
    default void dispatcherReplaced(int dispatcher, String reason) {}

    /** Why an admitted item did not run. */
    enum DropReason {
        /** Its caller has gone. */
        CANCELLED,
        /** Its deadline passed, or could not be met any more. */
        LATE,
        /** The drain timeout passed. */
        DRAINED
    }

    /** How an item with a key was found. */
    enum Lookup {
        /** Answered from the cache. */
        HIT,
        /** Joined an equal item in flight. */
        SHARED,
        /** Computed. */
        MISS
    }
}
