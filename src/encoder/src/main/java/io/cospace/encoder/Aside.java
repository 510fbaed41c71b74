package io.cospace.encoder;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A piece of an opening that goes on beside others, on a thread of its own: towers, tokenizer and
 * checksums need each a core for some hundred milliseconds and do not need one another. Whoever
 * starts one ends it by {@link #join} or {@link #discard}. Thread-safe.
 *
 * @param <T> what is made
 */
final class Aside<T> {

    private final CompletableFuture<T> result;

    private Aside(CompletableFuture<T> result) {
        this.result = result;
    }

    /** Starts {@code work} on a daemon thread called {@code name}. */
    static <T> Aside<T> start(String name, Supplier<T> work) {
        return new Aside<>(
                CompletableFuture.supplyAsync(
                        work,
                        action -> {
                            Thread _ = Thread.ofPlatform().daemon().name(name).start(action);
                        }));
    }

    /** Waits for what was made; throws what the work threw. */
    T join() {
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /** Waits for the end, and gives up what was made, if anything was. */
    void discard(Consumer<? super T> close) {
        T made;
        try {
            made = result.join();
        } catch (CompletionException _) {
            return; // another failure is on its way to the caller
        }
        close.accept(made);
    }
}
