package io.cospace.export.importer;

import java.nio.file.Path;

/** A source that cannot be imported; the message names the file, what it says and what is known. */
public final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImportException(String message) {
        super(message);
    }

    public ImportException(Path file, String message) {
        super(file + ": " + message);
    }

    public ImportException(Path file, String message, Throwable cause) {
        super(file + ": " + message, cause);
    }
}
