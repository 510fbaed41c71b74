package io.cospace.service.batching;

/**
 * Share of time that the dispatchers were busy, smoothed exponentially with a time constant of 10
 * s. Guarded by the lock of {@link Engine}.
 */
final class Saturation {

    private static final double TIME_CONSTANT_NANOS = 10e9;

    private final int dispatchers;
    private long lastNanos;
    private double share;

    Saturation(int dispatchers, long nowNanos) {
        this.dispatchers = dispatchers;
        this.lastNanos = nowNanos;
    }

    /** Accounts for the time since the last change, during which {@code busy} were busy. */
    void change(int busy, long nowNanos) {
        double elapsed = Math.max(0, nowNanos - lastNanos);
        lastNanos = nowNanos;
        double keep = Math.exp(-elapsed / TIME_CONSTANT_NANOS);
        share = keep * share + (1 - keep) * busy / dispatchers;
    }

    /** 0 .. 1, as of the last change. */
    double share() {
        return share;
    }
}
