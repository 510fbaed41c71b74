package io.cospace.service.embedding;

import io.cospace.service.batching.CpuShare;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The platform threads that read calls, prepare items and finish answers, so that neither a
 * transport's event loop nor a thread that runs the model does any of it. Calls are bounded: what
 * is admitted is finished, what is not is refused at once. Images have threads of their own,
 * because decoding one may take as long as reading a thousand texts.
 *
 * <p>Platform threads, since both the tokenizer and the image decoders hold their carrier.
 */
public final class Workers implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore calls;
    private final int maxCalls;
    private final ExecutorService texts;
    private final ExecutorService images;
    private final Decoding decoding;
    private final Timer timer;

    /** Runs actions later. */
    interface Timer extends AutoCloseable {

        /** Runs {@code action} after {@code nanos}; the runnable returned takes that back. */
        Runnable later(long nanos, Runnable action);

        @Override
        void close();
    }

    /**
     * @param textThreads threads for everything but images; at least 1
     * @param imageThreads threads that decode images; at least 1
     * @param maxCalls calls that may be in the process at once
     * @param niceness how far the threads that decode images stand back, see {@link CpuShare}
     */
    public Workers(int textThreads, int imageThreads, int maxCalls, int niceness) {
        this(textThreads, imageThreads, maxCalls, niceness, new ThreadTimer());
    }

    Workers(int textThreads, int imageThreads, int maxCalls, int niceness, Timer timer) {
        this.calls = new Semaphore(maxCalls);
        this.maxCalls = maxCalls;
        this.texts = Executors.newFixedThreadPool(textThreads, named("cospace-text-"));
        ThreadFactory imageFactory = named("cospace-image-");
        this.images =
                Executors.newFixedThreadPool(
                        imageThreads,
                        task ->
                                imageFactory.newThread(() -> {
                                    boolean _ = CpuShare.standBack(niceness);
                                    task.run();
                                }));
        this.decoding = new Decoding(images, imageThreads, System::nanoTime);
        this.timer = timer;
    }

    /**
     * Takes a place for one call, which {@link #leave} gives back.
     *
     * @throws ProblemException when all places are taken
     */
    public void enter() {
        if (!calls.tryAcquire()) {
            throw new ProblemException(
                    new Problem.Overloaded(
                            "%d calls are being answered; no more are taken".formatted(maxCalls),
                            RETRY_AFTER));
        }
    }

    /** Gives the place of one call back. */
    public void leave() {
        calls.release();
    }

    /** Where calls are read and answers written. */
    public Executor texts() {
        return texts;
    }

    /** Where images are decoded. */
    Executor images() {
        return decoding;
    }

    /** Predicted time until an image that came now would be begun to decode. */
    public Duration predictedDecoding() {
        return decoding.predictedWait();
    }

    /** Runs {@code action} after {@code nanos}; the runnable returned takes that back. */
    Runnable later(long nanos, Runnable action) {
        return timer.later(nanos, action);
    }

    /** Stops all threads; what they have not begun is lost. */
    @Override
    public void close() {
        timer.close();
        texts.shutdownNow();
        images.shutdownNow();
    }

    private static ThreadFactory named(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon(true).factory();
    }

    /** The timer of the process: one thread, for actions that take no time. */
    private static final class ThreadTimer implements Timer {

        private final ScheduledThreadPoolExecutor thread =
                new ScheduledThreadPoolExecutor(1, named("cospace-timer-"));

        ThreadTimer() {
            thread.setRemoveOnCancelPolicy(true);
        }

        @Override
        public Runnable later(long nanos, Runnable action) {
            var scheduled = thread.schedule(action, nanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }
}
