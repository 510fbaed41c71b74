package io.cospace.export.checkpoint;

import java.nio.file.Path;

/**
 * A checkpoint that cannot be read: damaged, of an unknown format, or holding what this reader
 * refuses. The message names the file and, where there is one, the tensor.
 */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message should name the value that was found and the limit or form that was expected. */
    public CheckpointException(Path file, String message) {
        super(file + ": " + message);
    }

    /** As above, for a failure below this reader. */
    public CheckpointException(Path file, String message, Throwable cause) {
        super(file + ": " + message, cause);
    }
}
