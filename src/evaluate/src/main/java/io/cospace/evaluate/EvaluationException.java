package io.cospace.evaluate;

import java.io.Serial;

/** An evaluation that cannot be made as asked; the message names what is missing. */
public final class EvaluationException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** With a message for a person. */
    public EvaluationException(String message) {
        super(message);
    }
}
