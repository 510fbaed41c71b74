package io.cospace.evaluate.metrics;

/** Where a query's best partner stands among candidates that score the same. */
public enum TieRule {
    /** Candidates with equal scores stand in the order of their indices; the rule of record. */
    STABLE,
    /** Before all of them: ties never hurt. */
    OPTIMISTIC,
    /** Behind all of them: every tie hurts. */
    PESSIMISTIC
}
