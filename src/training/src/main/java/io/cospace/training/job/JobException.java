package io.cospace.training.job;

import java.io.Serial;

/**
 * A job that cannot be run as asked; the message names the key or file, the value and the range.
 */
public final class JobException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** With a message for a person. */
    public JobException(String message) {
        super(message);
    }

    /** With the failure behind it. */
    public JobException(String message, Throwable cause) {
        super(message, cause);
    }
}
