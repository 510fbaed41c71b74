package io.cospace.training.align;

/** Where a stage's data come from. */
@FunctionalInterface
public interface Batches {
    /**
     * This process' rows of a step: the same rows whenever it is asked for, so that a stage goes on
     * after a crash as if nothing had been. Processes get equally many rows; in the order of their
     * ranks they are the whole batch.
     *
     * @param step from 0
     */
    Batch batch(long step);
}
