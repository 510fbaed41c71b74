package io.cospace.service.batching;

/** How many cores one run may use. */
public enum Cores {
    /** One core: other dispatchers run beside it. */
    ONE,
    /** Every core: one lone item, while all other dispatchers idle. */
    ALL
}
