package io.cospace.evaluate.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that stays open and has one request under way at a time. Used by one thread at a
 * time.
 */
interface Connection extends AutoCloseable {
    /**
     * An answer.
     *
     * @param status HTTP status, or the one that a gRPC status is the same as
     * @param bytes length of the body
     * @param retryAfter whether it says when to come again
     */
    record Answer(int status, long bytes, boolean retryAfter) {}

    /**
     * Sends a request that was built beforehand and reads the whole answer.
     *
     * @param body takes the body where the caller wants to see it
     * @throws IOException if there is no answer
     */
    Answer send(byte[] request, @Nullable ByteArrayOutputStream body) throws IOException;

    @Override
    void close();
}
