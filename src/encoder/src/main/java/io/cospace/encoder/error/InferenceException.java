package io.cospace.encoder.error;

import org.jspecify.annotations.Nullable;

/**
 * A batch that the model could not compute: the run failed, or a row came out without a finite,
 * non-zero vector. No result of that batch is valid; a caller that wants the others runs them again
 * without the guilty item.
 */
public final class InferenceException extends EncoderException {

    private static final long serialVersionUID = 1L;

    public InferenceException(String message) {
        this(message, null);
    }

    public InferenceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
