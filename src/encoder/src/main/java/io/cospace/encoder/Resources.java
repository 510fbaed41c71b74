package io.cospace.encoder;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What was opened so far, closed in reverse order: all at the end, or what there is when a later
 * step fails. Not thread-safe.
 */
final class Resources implements AutoCloseable {

    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Takes over {@code resource}. */
    <T> T add(T resource, Consumer<T> close) {
        closers.push(() -> close.accept(resource));
        return resource;
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
