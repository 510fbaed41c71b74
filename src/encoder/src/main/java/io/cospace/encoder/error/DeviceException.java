package io.cospace.encoder.error;

import org.jspecify.annotations.Nullable;

/** A device that was asked for and cannot be had; the message says what is missing. */
public final class DeviceException extends EncoderException {

    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        this(message, null);
    }

    public DeviceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
