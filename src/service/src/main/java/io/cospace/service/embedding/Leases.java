package io.cospace.service.embedding;

import java.util.concurrent.CompletableFuture;

/** The leases of one model. None is given once it is retired. Thread-safe. */
final class Leases {

    private final CompletableFuture<Void> unused = new CompletableFuture<>();
    private int open;
    private boolean retired;

    /** Takes one; false: the model is retired, and there may be another in its place. */
    synchronized boolean take() {
        if (!retired) {
            open++;
        }
        return !retired;
    }

    void giveBack() {
        boolean last;
        synchronized (this) {
            open--;
            last = retired && open == 0;
        }
        if (last) {
            unused.complete(null);
        }
    }

    /** Gives no more; the future ends when the last one is given back. */
    CompletableFuture<Void> retire() {
        boolean last;
        synchronized (this) {
            retired = true;
            last = open == 0;
        }
        if (last) {
            unused.complete(null);
        }
        return unused;
    }

    synchronized int open() {
        return open;
    }
}
