package io.cospace.evaluate.data;

import java.io.Serial;

/** A data set that cannot be read further; the message names the file and the place in it. */
public final class DataException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    DataException(String message) {
        super(message);
    }

    DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
