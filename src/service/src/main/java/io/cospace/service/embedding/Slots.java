package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one call's items. Every item has a slot, which is filled exactly once, by
 * whatever thread is first; when the last slot is filled, the call's outcomes are there.
 * Thread-safe.
 *
 * <p>Where one bad item fails the call, it is the first bad one in the order of the call that is
 * named: once one is found, nothing more is run, but the items before it are still prepared, since
 * one of them may be bad too.
 */
final class Slots {

    private static final Outcome SKIPPED = new Outcome.Skipped();

    private final IntFunction<Place> places;
    private final OnError onError;
    private final EmbeddingListener listener;
    private final IntConsumer onSettled;
    private final AtomicReferenceArray<@Nullable Outcome> slots;
    private final AtomicReferenceArray<@Nullable List<? extends CompletableFuture<?>>> runs;
    private final Map<Integer, CompletableFuture<Void>> preparing = new ConcurrentHashMap<>();
    private final AtomicInteger open;
    private final AtomicInteger firstFailed = new AtomicInteger(Integer.MAX_VALUE);
    private final CompletableFuture<List<Outcome>> done = new CompletableFuture<>();

    /**
     * @param onSettled told of each slot once it is filled, before the outcomes are
     */
    Slots(
            int count,
            IntFunction<Place> places,
            OnError onError,
            EmbeddingListener listener,
            IntConsumer onSettled) {
        this.places = places;
        this.onError = onError;
        this.listener = listener;
        this.onSettled = onSettled;
        this.slots = new AtomicReferenceArray<>(count);
        this.runs = new AtomicReferenceArray<>(count);
        this.open = new AtomicInteger(count);
    }

    /**
     * All outcomes, in the order of the items; or a {@link ProblemException}, or a cancellation.
     * Completed by any thread.
     */
    CompletableFuture<List<Outcome>> done() {
        return done;
    }

    /** Whether an item need not be prepared: its call has ended, or an earlier item fails it. */
    boolean isOver(int index) {
        return done.isDone() || firstFailed.get() < index;
    }

    /** Whether no item need be run any more. */
    boolean isOver() {
        return done.isDone() || firstFailed.get() != Integer.MAX_VALUE;
    }

    /** Whether nobody waits for the call any more. */
    boolean isAbandoned() {
        return done.isCancelled();
    }

    /** Names the runs, or the fetching, to give up when the call ends early. */
    void track(int index, List<? extends CompletableFuture<?>> parts) {
        runs.set(index, parts);
        if (isOver()) {
            parts.forEach(part -> part.cancel(false));
        }
    }

    /**
     * Begins to prepare an item in a way that may have to wait.
     *
     * @return completed when the item need not be prepared any more; {@link #prepared} forgets it
     */
    CompletableFuture<?> preparing(int index) {
        CompletableFuture<Void> unwanted = new CompletableFuture<>();
        preparing.put(index, unwanted);
        if (isOver(index)) {
            boolean _ = unwanted.complete(null);
        }
        return unwanted;
    }

    /** What {@link #preparing} began has ended, in whatever way. */
    void prepared(int index) {
        preparing.remove(index);
    }

    /** Fills a slot with nothing: its item was given up. */
    void skip(int index) {
        settle(index, SKIPPED);
    }

    /** Fills a slot; does nothing when it is filled already. */
    void settle(int index, Outcome outcome) {
        if (!slots.compareAndSet(index, null, outcome)) {
            return;
        }
        report(outcome);
        if (outcome instanceof Outcome.Failed && onError == OnError.FAIL) {
            firstFailed.accumulateAndGet(index, Math::min);
            giveUp();
        }
        onSettled.accept(index);
        if (open.decrementAndGet() == 0) {
            finish();
        }
    }

    /** Ends the call with {@code problem}, and gives up what has not been answered. */
    void abort(Problem problem) {
        if (done.completeExceptionally(new ProblemException(problem))) {
            giveUp();
        }
    }

    /** Gives up what has not been answered: nobody waits for the call any more. */
    void abandon() {
        if (done.cancel(false)) {
            giveUp();
        }
    }

    private void report(Outcome outcome) {
        switch (outcome) {
            case Outcome.Vector(_, Modality modality, _, StageTimes times) -> {
                if (modality != null) {
                    listener.embedded(modality, times);
                }
            }
            case Outcome.Chunked(_, _, StageTimes times) -> listener.embedded(Modality.TEXT, times);
            case Outcome.Failed(Modality modality, Problem problem) -> {
                if (modality != null) {
                    listener.failed(modality, problem);
                }
            }
            case Outcome.Skipped _ -> {}
        }
    }

    /** Gives up what is not wanted any more. */
    private void giveUp() {
        for (int i = 0; i < runs.length(); i++) {
            List<? extends CompletableFuture<?>> parts = runs.get(i);
            if (parts != null) {
                parts.forEach(part -> part.cancel(false));
            }
        }
        preparing.forEach((index, unwanted) -> {
            if (isOver(index)) {
                boolean _ = unwanted.complete(null);
            }
        });
    }

    private void finish() {
        int failed = firstFailed.get();
        if (failed != Integer.MAX_VALUE
                && slots.get(failed) instanceof Outcome.Failed(_, Problem problem)) {
            done.completeExceptionally(new ProblemException(problem, places.apply(failed)));
            return;
        }
        List<Outcome> outcomes = new ArrayList<>(slots.length());
        for (int i = 0; i < slots.length(); i++) {
            Outcome outcome = slots.get(i);
            outcomes.add(outcome == null ? SKIPPED : outcome);
        }
        done.complete(outcomes);
    }
}
