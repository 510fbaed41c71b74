package io.cospace.service.embedding;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs what is due when a test says so. */
final class HandTurnedTimer implements Workers.Timer {

    private final List<Runnable> actions = new CopyOnWriteArrayList<>();

    @Override
    public Runnable later(long nanos, Runnable action) {
        actions.add(action);
        return () -> actions.remove(action);
    }

    /** All that was to happen later happens now. */
    void turn() {
        actions.forEach(Runnable::run);
    }

    /** What was to happen later first happens now. */
    void turnFirst() {
        actions.getFirst().run();
    }

    @Override
    public void close() {
        actions.clear();
    }
}
