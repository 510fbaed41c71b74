package io.cospace.service.batching;

/** Why an item has no answer. A caller that cancels its own future sees a CancellationException. */
public abstract sealed class BatchingException extends RuntimeException
        permits RefusedException, DroppedException, RunFailedException {

    private static final long serialVersionUID = 1L;

    /** A failure without stack trace: it is part of normal overload, and must stay cheap. */
    BatchingException(String message) {
        super(message, null, false, false);
    }

    BatchingException(String message, Throwable cause) {
        super(message, cause);
    }
}
