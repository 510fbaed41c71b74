package io.cospace.service.admission;

import java.time.Duration;

/** Every way in which a call can be turned away before it is read. */
public sealed interface Refusal {

    /** Name for metrics, lower case with hyphens. */
    String reason();

    /** A sentence for the caller; it never holds a key. */
    String detail();

    /** No key, an unknown one, or one whose time is over. */
    record Unauthorized(String detail) implements Refusal {
        @Override
        public String reason() {
            return "unauthorized";
        }
    }

    /** The key has used up its rate, or has too many calls at once. */
    record RateLimited(String reason, String detail, Duration retryAfter, RateLimitHeaders headers)
            implements Refusal {}

    /** More work waits than the deadline or the limit allows. */
    record Overloaded(String reason, String detail, Duration retryAfter) implements Refusal {}

    /** The process shuts down. */
    record Draining(Duration retryAfter) implements Refusal {
        @Override
        public String reason() {
            return "draining";
        }

        @Override
        public String detail() {
            return "this instance is shutting down; another one will answer";
        }
    }
}
