package io.cospace.encoder.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure of the encoder library. The family is sealed, so a transport maps it to its own status
 * codes by one exhaustive switch; the message names the value, its limit and its source, and is
 * safe to show to a caller.
 */
public abstract sealed class EncoderException extends RuntimeException
        permits BundleException,
                DeviceException,
                ImageException,
                InferenceException,
                TextException {

    private static final long serialVersionUID = 1L;

    EncoderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
