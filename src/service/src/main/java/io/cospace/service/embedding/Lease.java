package io.cospace.service.embedding;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to use a model: it stays open until every lease of it is closed, even when another
 * version has taken its place meanwhile. Thread-safe.
 */
public final class Lease implements AutoCloseable {

    private final Model model;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(Model model, Runnable onClose) {
        this.model = model;
        this.onClose = onClose;
    }

    public Model model() {
        return model;
    }

    /** Gives the right back; further calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
