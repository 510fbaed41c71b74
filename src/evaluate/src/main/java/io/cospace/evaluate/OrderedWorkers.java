package io.cospace.evaluate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Work on a stream of inputs by several threads, with the results in the order of the inputs and
 * only a few inputs in memory at once. The calling thread reads inputs and takes results.
 */
final class OrderedWorkers {
    private OrderedWorkers() {}

    /**
     * Runs all inputs.
     *
     * @throws RuntimeException what {@code inputs}, {@code work} or {@code results} threw first, as
     *     it was; the rest is given up then
     */
    static <I, O> void run(
            int threads, Iterator<I> inputs, Function<I, O> work, Consumer<O> results) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Deque<Future<O>> window = new ArrayDeque<>();
            while (inputs.hasNext() || !window.isEmpty()) {
                // One waiting input a thread keeps all of them busy.
                while (inputs.hasNext() && window.size() < 2 * threads) {
                    I input = inputs.next();
                    window.add(pool.submit(() -> work.apply(input)));
                }
                results.accept(await(window.remove()));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static <O> O await(Future<O> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default ->
                        throw new IllegalStateException("this is a bug: a checked failure", e);
            }
        }
    }
}
