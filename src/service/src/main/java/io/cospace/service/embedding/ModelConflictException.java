package io.cospace.service.embedding;

/** What an operator asks for does not go with what is served now; the message says why. */
public final class ModelConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ModelConflictException(String message) {
        super(message);
    }
}
