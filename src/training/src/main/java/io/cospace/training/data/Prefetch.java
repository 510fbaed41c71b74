package io.cospace.training.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * Makes what the next steps need while the current one runs. What a step gets is a function of its
 * number; only a few are in memory at once. Used by one thread.
 *
 * @param <T> what a step gets
 */
public final class Prefetch<T> implements AutoCloseable {
    private final LongFunction<T> make;
    private final int ahead;
    private final long end;
    private final ExecutorService pool;
    private final Deque<Future<T>> window = new ArrayDeque<>();
    private long next;

    /**
     * From a step on.
     *
     * @param make called for each step by one of the threads, several at a time
     * @param from first step
     * @param end behind the last step
     * @param threads how many work ahead, 1 or more
     */
    public Prefetch(LongFunction<T> make, long from, long end, int threads) {
        this.make = make;
        this.ahead = threads + 1;
        this.end = end;
        this.next = from;
        this.pool =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("data-", 0).factory());
    }

    /**
     * What the next step gets; waits for it.
     *
     * @throws RuntimeException what {@code make} threw, as it was
     */
    public T take() {
        while (window.size() < ahead && next < end) {
            long step = next++;
            window.add(pool.submit(() -> make.apply(step)));
        }
        try {
            return window.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrainingDataException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default ->
                        throw new IllegalStateException("this is a bug: a checked failure", e);
            }
        }
    }

    /**
     * Waits for what is being made, for it may read files that the caller is about to close. Nobody
     * is interrupted: a file that is read while its thread is looks like a broken one.
     */
    @Override
    public void close() {
        window.forEach(future -> future.cancel(false));
        pool.close();
    }
}
