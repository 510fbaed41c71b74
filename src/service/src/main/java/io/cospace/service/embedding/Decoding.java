package io.cospace.service.embedding;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The pool that decodes images, with a prediction of its queue: images in it, times the smoothed
 * time of one, over its threads. They wait here before any lane sees them, so a wait that is
 * predicted by the lanes alone would be too short. Thread-safe; a lost update only delays the
 * smoothing.
 */
final class Decoding implements Executor {

    /** Share of one image in the smoothed time. */
    private static final double GAIN = 0.1;

    private final Executor pool;
    private final int threads;
    private final LongSupplier nanoClock;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile double meanNanos;

    Decoding(Executor pool, int threads, LongSupplier nanoClock) {
        this.pool = pool;
        this.threads = threads;
        this.nanoClock = nanoClock;
    }

    @Override
    public void execute(Runnable image) {
        inside.incrementAndGet();
        try {
            pool.execute(() -> decode(image));
        } catch (RuntimeException e) {
            inside.decrementAndGet();
            throw e;
        }
    }

    private void decode(Runnable image) {
        long start = nanoClock.getAsLong();
        try {
            image.run();
        } finally {
            inside.decrementAndGet();
            long nanos = nanoClock.getAsLong() - start;
            double mean = meanNanos;
            meanNanos = mean == 0 ? nanos : mean + GAIN * (nanos - mean);
        }
    }

    /** Zero while a thread is free. */
    Duration predictedWait() {
        int waiting = Math.max(0, inside.get() - threads + 1);
        return Duration.ofNanos((long) (waiting * meanNanos / threads));
    }
}
