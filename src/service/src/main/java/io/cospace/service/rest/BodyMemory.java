package io.cospace.service.rest;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that the bodies of all calls in the process may hold. Thread-safe. */
final class BodyMemory {

    private final long limitBytes;
    private final AtomicLong bytes = new AtomicLong();

    BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /**
     * Takes memory, which {@link #release} gives back.
     *
     * @throws ProblemException when so much is not left
     */
    void take(long count) {
        if (bytes.addAndGet(count) > limitBytes) {
            release(count);
            throw new ProblemException(
                    new Problem.Overloaded(
                            "the bodies of the calls being read hold %d bytes; no more are taken"
                                    .formatted(bytes.get()),
                            Duration.ofSeconds(1)));
        }
    }

    /** Takes memory that is held already; {@link #isFull} tells others of it. */
    void add(long count) {
        bytes.addAndGet(count);
    }

    /** Whether nothing more should be read for now. */
    boolean isFull() {
        return bytes.get() > limitBytes;
    }

    void release(long count) {
        bytes.addAndGet(-count);
    }
}
