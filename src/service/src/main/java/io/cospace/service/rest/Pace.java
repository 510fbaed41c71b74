package io.cospace.service.rest;

import io.vertx.core.Vertx;

/**
 * Watches how fast something comes. It is late when nothing has come for a while, or when, after
 * that while, it has come more slowly on average than {@value #LEAST_BYTES_A_SECOND} bytes a
 * second: a client that sends a byte now and then may hold nothing for hours. Used on one event
 * loop.
 */
final class Pace {

    static final int LEAST_BYTES_A_SECOND = 1_000;

    private final Vertx vertx;
    private final long idleNanos;
    private final Runnable onLate;
    private long startNanos;
    private long lastNanos;
    private long bytes;
    private long timer = -1;

    /**
     * @param idleMillis the while
     * @param onLate called at most once for each start
     */
    Pace(Vertx vertx, long idleMillis, Runnable onLate) {
        this.vertx = vertx;
        this.idleNanos = idleMillis * 1_000_000;
        this.onLate = onLate;
    }

    /** Begins to watch something new. */
    void start() {
        startNanos = System.nanoTime();
        lastNanos = startNanos;
        bytes = 0;
        if (timer < 0) {
            arm(idleNanos);
        }
    }

    void progress(int more) {
        lastNanos = System.nanoTime();
        bytes += more;
    }

    boolean isRunning() {
        return timer >= 0;
    }

    void stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void arm(long nanos) {
        timer = vertx.setTimer(Math.max(1, nanos / 1_000_000), _ -> look());
    }

    private void look() {
        long allowed = idleNanos + bytes * (1_000_000_000L / LEAST_BYTES_A_SECOND);
        long late = Math.min(lastNanos + idleNanos - startNanos, allowed);
        long left = startNanos + late - System.nanoTime();
        if (left > 0) {
            arm(left);
        } else {
            timer = -1;
            onLate.run();
        }
    }
}
