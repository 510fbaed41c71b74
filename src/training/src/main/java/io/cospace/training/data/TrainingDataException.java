package io.cospace.training.data;

import java.io.Serial;

/** Data that cannot be trained with; the message names the file, the value and what is expected. */
public final class TrainingDataException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** With a message for a person. */
    public TrainingDataException(String message) {
        super(message);
    }

    /** With the failure behind it. */
    public TrainingDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
