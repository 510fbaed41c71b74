package io.cospace.service.batching;

/** Completes an item that was admitted and then given up before it ran. */
public final class DroppedException extends BatchingException {

    private static final long serialVersionUID = 1L;

    /** Why it was given up. */
    public enum Reason {
        /** Its deadline passed, or could not be met any more. */
        LATE,
        /** The drain timeout passed before its turn came. */
        DRAINED
    }

    private final Reason reason;

    DroppedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
