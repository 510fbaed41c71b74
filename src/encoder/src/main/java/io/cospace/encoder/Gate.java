package io.cospace.encoder;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Lets calls into native code pass until it is closed, so that memory is freed only when no call
 * uses it any more: a call after that is an exception, not a crash of the process. Safe for use by
 * many threads.
 */
final class Gate {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Runs {@code call}.
     *
     * @throws IllegalStateException when the gate is closed
     */
    <T> T pass(Supplier<T> call) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("encoder is closed");
            }
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for the calls under way, then runs {@code release}; does nothing when called again. */
    void close(Runnable release) {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                release.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
