package io.cospace.evaluate.scaling;

/** What an autoscaler knows of one pod that is not being ended. */
sealed interface Reading {

    /** A value of a pod that counts. */
    record Value(double value) implements Reading {}

    /** No series of it yet. */
    record Missing() implements Reading {}

    /** It has no container yet, or its processor's use does not count before it is ready. */
    record Unready() implements Reading {}
}
