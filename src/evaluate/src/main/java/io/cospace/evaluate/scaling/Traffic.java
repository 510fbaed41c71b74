package io.cospace.evaluate.scaling;

/** Calls of one item, by the second. */
@FunctionalInterface
public interface Traffic {
    /** Calls a second that come on average in the second that begins then; 0 or more. */
    double rate(ItemClass kind, int second);
}
