package io.cospace.evaluate.bench;

import java.io.Serial;

/** A measurement that cannot be made; the message says why. */
public final class BenchException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }
}
