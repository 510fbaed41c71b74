package io.cospace.service.batching;

/** Completes an item that failed although it was run alone, or whose run never came back. */
public final class RunFailedException extends BatchingException {

    private static final long serialVersionUID = 1L;

    RunFailedException(String message) {
        super(message);
    }

    RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
