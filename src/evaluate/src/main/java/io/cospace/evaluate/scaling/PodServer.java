package io.cospace.evaluate.scaling;

/**
 * What happens in a pod: two dispatchers that take batches, the oldest item first, and the gauges
 * that the service computes. Advanced lazily: {@link #advance} before every look and every call.
 */
final class PodServer {
    /** One a core. */
    static final int DISPATCHERS = 2;

    /** Of the service's saturation. */
    private static final double TIME_CONSTANT = 10;

    private static final ItemClass[] CLASSES = ItemClass.values();

    private final CallQueue[] queues = new CallQueue[CLASSES.length];
    private final double[] busyUntil = new double[DISPATCHERS];
    private final boolean[] running = new boolean[DISPATCHERS];
    private final CallLog log;
    private double changed;
    private double saturation;
    private double busySeconds;

    /** One that has nothing to do from {@code now} on. */
    PodServer(double now, CallLog log) {
        this.log = log;
        this.changed = now;
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new CallQueue();
        }
    }

    /** Does what was to be done until {@code now}, which is never before the last one. */
    void advance(double now) {
        while (true) {
            int next = nextToEnd();
            if (next < 0 || busyUntil[next] > now) {
                account(now);
                return;
            }
            account(busyUntil[next]);
            running[next] = false;
            start(next, busyUntil[next]);
        }
    }

    /** A call joins. After {@code advance(now)}. */
    void add(ItemClass kind, double now, double cameAt) {
        queues[kind.place()].add(now, cameAt);
        for (int i = 0; i < DISPATCHERS; i++) {
            if (!running[i]) {
                start(i, now);
                return;
            }
        }
    }

    private int nextToEnd() {
        int next = -1;
        for (int i = 0; i < DISPATCHERS; i++) {
            if (running[i] && (next < 0 || busyUntil[i] < busyUntil[next])) {
                next = i;
            }
        }
        return next;
    }

    /** A free dispatcher takes the class of the oldest item, as many as a batch holds. */
    private void start(int dispatcher, double now) {
        int oldest = 0;
        for (int i = 1; i < queues.length; i++) {
            if (queues[i].oldest() < queues[oldest].oldest()) {
                oldest = i;
            }
        }
        CallQueue queue = queues[oldest];
        int items = Math.min(queue.size(), CLASSES[oldest].most());
        if (items == 0) {
            return;
        }
        double end = now + CLASSES[oldest].batchSeconds(items);
        for (int i = 0; i < items; i++) {
            log.answered(end - queue.take());
        }
        running[dispatcher] = true;
        busyUntil[dispatcher] = end;
    }

    /** As the service's {@code Saturation}: an exponential mean of the busy share. */
    private void account(double now) {
        double elapsed = now - changed;
        if (elapsed <= 0) {
            return;
        }
        int busy = 0;
        for (boolean is : running) {
            busy += is ? 1 : 0;
        }
        double keep = Math.exp(-elapsed / TIME_CONSTANT);
        saturation = keep * saturation + (1 - keep) * busy / DISPATCHERS;
        busySeconds += elapsed * busy;
        changed = now;
    }

    /** {@code cospace_queue_seconds}: predicted work that waits, over the dispatchers. */
    double queueSeconds() {
        double seconds = 0;
        for (ItemClass kind : CLASSES) {
            seconds += queues[kind.place()].size() * kind.shareSeconds();
        }
        return seconds / DISPATCHERS;
    }

    /** Predicted wait of a call that comes now: what runs and what waits. */
    double waitSeconds(double now) {
        double rest = 0;
        boolean free = false;
        for (int i = 0; i < DISPATCHERS; i++) {
            rest += running[i] ? busyUntil[i] - now : 0;
            free |= !running[i];
        }
        return free ? 0 : rest / DISPATCHERS + queueSeconds();
    }

    /** {@code cospace_saturation}, 0 .. 1. */
    double saturation() {
        return saturation;
    }

    /** Seconds of a core that were used since the start. */
    double busySeconds() {
        return busySeconds;
    }

    boolean isIdle() {
        return nextToEnd() < 0;
    }
}
