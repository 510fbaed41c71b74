package io.cospace.service.batching;

/** The two classes of work that share the dispatchers, interactive first, by cost 4 to 1. */
public enum Priority {
    /** Someone waits for the answer. */
    INTERACTIVE,
    /** Throughput matters, latency does not. */
    BULK
}
