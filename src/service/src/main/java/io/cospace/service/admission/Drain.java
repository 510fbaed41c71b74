package io.cospace.service.admission;

import io.cospace.service.batching.Dispatchers;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The end of a process that callers still use, in the order that loses none of their calls:
 *
 * <ol>
 *   <li>readiness and gRPC health say no, and all is answered as before for {@code delay}: until
 *       the last load balancer has noticed;
 *   <li>the door is shut: who comes is refused, HTTP/2 clients are told to go elsewhere;
 *   <li>the calls inside are finished, until {@code timeout};
 *   <li>what then still waits for a tower is failed, and its callers are told so.
 * </ol>
 *
 * The sockets stay open all the while; who calls {@link #run} closes them afterwards. Thread-safe.
 */
public final class Drain {

    private static final System.Logger LOG = System.getLogger(Drain.class.getName());

    /** Time for the answers of those that were given up at the timeout. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /**
     * How long the steps take.
     *
     * @param delay from readiness off to the first refusal
     * @param timeout longest time from then on for the calls inside
     */
    public record Times(Duration delay, Duration timeout) {}

    /** Lets time pass; a test looks around meanwhile. */
    @FunctionalInterface
    interface Pause {
        void take(Duration time) throws InterruptedException;
    }

    private final Times times;
    private final Admission admission;
    private final Dispatchers dispatchers;
    private final Function<Duration, CompletableFuture<?>> connections;
    private final Pause pause;
    private volatile boolean leaving;

    /**
     * @param connections tells the clients of all HTTP/2 connections to go elsewhere; its future
     *     ends when the last connection has
     */
    public Drain(
            Times times,
            Admission admission,
            Dispatchers dispatchers,
            Function<Duration, CompletableFuture<?>> connections) {
        this(
                times,
                admission,
                dispatchers,
                connections,
                time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    }

    Drain(
            Times times,
            Admission admission,
            Dispatchers dispatchers,
            Function<Duration, CompletableFuture<?>> connections,
            Pause pause) {
        this.times = times;
        this.admission = admission;
        this.dispatchers = dispatchers;
        this.connections = connections;
        this.pause = pause;
    }

    /** Whether the process is about to end: no new clients, please. */
    public boolean isLeaving() {
        return leaving;
    }

    /**
     * Takes all steps; returns when the process may end.
     *
     * @return whether every call that was let in has its answer
     */
    public boolean run() throws InterruptedException {
        leaving = true;
        LOG.log(
                Level.INFO,
                "leaving: not ready any more, refusing calls in {0} ms",
                times.delay().toMillis());
        pause.take(times.delay());
        long end = System.nanoTime() + times.timeout().toNanos();
        admission.drain();
        CompletableFuture<?> closed = connections.apply(times.timeout());
        boolean finished = admission.awaitEmpty(left(end));
        int open = admission.inside();
        finished &= dispatchers.drain(left(end));
        finished &= admission.awaitEmpty(LAST_WORDS);
        awaitClosed(closed);
        if (finished) {
            LOG.log(Level.INFO, "left: every call has its answer");
        } else {
            LOG.log(
                    Level.WARNING,
                    "left: calls that were not finished within {1} ms: {0}",
                    open,
                    times.timeout().toMillis());
        }
        return finished;
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** The last frames of an answer; a client that keeps its connection open is cut off. */
    private static void awaitClosed(CompletableFuture<?> closed) throws InterruptedException {
        try {
            Object _ = closed.get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "connections are cut off", e);
        }
    }
}
