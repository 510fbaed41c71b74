package io.cospace.training.align;

import java.nio.file.Path;

/** A loss or gradient stopped being a number; the parameters are as they were before the step. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Path evidence;

    DivergedException(String message, Path evidence) {
        super(message + "; the step's data and the weights before it are in " + evidence);
        this.evidence = evidence;
    }

    /** File with the step's inputs and targets, and the weights before it. */
    public Path evidence() {
        return evidence;
    }
}
