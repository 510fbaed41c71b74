package io.cospace.training.align;

/** Is told of each step, on the thread that trains. */
@FunctionalInterface
public interface Progress {
    void step(StepReport report);
}
