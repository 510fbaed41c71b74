package io.cospace.export;

import org.jspecify.annotations.Nullable;

/**
 * A bundle that cannot be made: an ingredient is missing or does not fit, or the target cannot be
 * written. The message names the file or value and what was expected of it.
 */
public final class ExportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExportException(String message) {
        super(message);
    }

    public ExportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
