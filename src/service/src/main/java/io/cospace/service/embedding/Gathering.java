package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.encoder.image.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The items of one call on their way through preparation and towers. Every item has a slot, which
 * is filled exactly once, by whatever thread is first; when the last slot is filled, the gathering
 * is done.
 *
 * <p>Texts are prepared in chunks, the first one on the calling thread; images one by one, no more
 * than {@value #IMAGES_AT_ONCE} of a call at once between decoding and answer, because a decoded
 * image takes a hundred times the memory of its file.
 *
 * <p>Where one bad item fails the call, it is the first bad one in the order of the call that is
 * named: once one is found, nothing more is run, but the items before it are still prepared, since
 * one of them may be bad too.
 */
final class Gathering {

    private static final int TEXTS_A_CHUNK = 32;
    private static final int IMAGES_AT_ONCE = 32;

    private static final Outcome.Skipped SKIPPED = new Outcome.Skipped();

    /** What a gathering is about. */
    record Task(
            Model model,
            List<Input> inputs,
            IntFunction<Place> places,
            Options options,
            int dimensions,
            OnError onError,
            CallContext call) {}

    /** An item that its tower can run. */
    private record Prepared<I>(int index, I item, @Nullable TextUse use) {}

    private final Task task;
    private final Workers workers;
    private final EmbeddingListener listener;
    private final TextPreparation textPreparation;
    private final AtomicReferenceArray<@Nullable Outcome> slots;
    private final AtomicReferenceArray<@Nullable CompletableFuture<?>> runs;
    private final AtomicInteger open;
    private final AtomicInteger firstFailed = new AtomicInteger(Integer.MAX_VALUE);
    private final List<Integer> images = new ArrayList<>();
    private final AtomicInteger nextImage = new AtomicInteger();
    private final CompletableFuture<List<Outcome>> done = new CompletableFuture<>();

    Gathering(Task task, Workers workers, EmbeddingListener listener, Limits limits) {
        this.task = task;
        this.workers = workers;
        this.listener = listener;
        this.textPreparation =
                new TextPreparation(task.model().textEncoder(), task.options(), limits.textBytes());
        this.slots = new AtomicReferenceArray<>(task.inputs().size());
        this.runs = new AtomicReferenceArray<>(task.inputs().size());
        this.open = new AtomicInteger(task.inputs().size());
    }

    /**
     * Sets all items on their way; called once. The future is completed by any thread, with one
     * outcome for each input, or with a {@link ProblemException}.
     */
    CompletableFuture<List<Outcome>> start() {
        List<Integer> texts = new ArrayList<>();
        for (int i = 0; i < task.inputs().size(); i++) {
            switch (task.inputs().get(i)) {
                case Input.Text _ -> texts.add(i);
                case Input.Image _ -> images.add(i);
                case Input.Vector vector -> settleStored(i, vector);
                case Input.Unreadable(Modality modality, Problem problem) ->
                        settle(i, new Outcome.Failed(modality, problem));
            }
        }
        for (int n = 0; n < IMAGES_AT_ONCE; n++) {
            startImage();
        }
        for (int from = TEXTS_A_CHUNK; from < texts.size(); from += TEXTS_A_CHUNK) {
            List<Integer> chunk = texts.subList(from, Math.min(from + TEXTS_A_CHUNK, texts.size()));
            workers.texts().execute(() -> prepareTexts(chunk));
        }
        prepareTexts(texts.subList(0, Math.min(TEXTS_A_CHUNK, texts.size())));
        return done;
    }

    /** Gives up what has not been answered; the call ends with {@code problem}. */
    void abort(Problem problem) {
        if (done.completeExceptionally(new ProblemException(problem))) {
            cancelRuns();
        }
    }

    /** Gives up what has not been answered: nobody waits for the call any more. */
    void abandon() {
        if (done.cancel(false)) {
            cancelRuns();
        }
    }

    private void settleStored(int index, Input.Vector vector) {
        Outcome outcome;
        Place place = task.places().apply(index);
        try {
            float[] unit =
                    StoredVectors.unit(
                            vector, task.model(), task.options(), task.dimensions(), place);
            outcome = new Outcome.Vector(unit, null, null, StageTimes.NONE);
        } catch (ProblemException e) {
            outcome = new Outcome.Failed(null, e.problem());
        }
        settle(index, outcome);
    }

    private void prepareTexts(List<Integer> chunk) {
        List<Prepared<TextRow>> ready = new ArrayList<>(chunk.size());
        for (int index : chunk) {
            if (isOver(index)) {
                settle(index, SKIPPED);
                continue;
            }
            try {
                var text = textPreparation.prepare((Input.Text) task.inputs().get(index));
                if (text.use().truncated()) {
                    listener.truncated();
                }
                ready.add(new Prepared<>(index, text.row(), text.use()));
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                fail(index, Modality.TEXT, e);
            }
        }
        submit(Modality.TEXT, task.model().texts(), ready);
    }

    private void startImage() {
        int turn = nextImage.getAndIncrement();
        if (turn < images.size()) {
            int index = images.get(turn);
            workers.images().execute(() -> prepareImage(index));
        }
    }

    private void prepareImage(int index) {
        if (isOver(index)) {
            settle(index, SKIPPED);
            return;
        }
        try {
            byte[] bytes = ((Input.Image) task.inputs().get(index)).bytes();
            Pixels pixels = task.model().imageEncoder().prepare(bytes);
            List<Prepared<Pixels>> ready = List.of(new Prepared<>(index, pixels, null));
            submit(Modality.IMAGE, task.model().images(), ready);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            fail(index, Modality.IMAGE, e);
        }
    }

    private <I> void submit(Modality modality, Tower<I> tower, List<Prepared<I>> ready) {
        if (hasFailed()) {
            ready.forEach(item -> settle(item.index(), SKIPPED));
            return;
        }
        if (ready.isEmpty()) {
            return;
        }
        long prepareNanos = System.nanoTime() - task.call().startNanos();
        List<CompletableFuture<Tower.Run>> futures;
        try {
            List<I> items = ready.stream().map(Prepared::item).toList();
            futures = tower.submit(items, task.call());
        } catch (RuntimeException e) {
            ready.forEach(item -> fail(item.index(), modality, e));
            return;
        }
        for (int i = 0; i < ready.size(); i++) {
            await(ready.get(i), modality, futures.get(i), prepareNanos);
        }
        if (hasFailed()) {
            cancelRuns();
        }
    }

    private void await(
            Prepared<?> item,
            Modality modality,
            CompletableFuture<Tower.Run> run,
            long prepareNanos) {
        int index = item.index();
        runs.set(index, run);
        CompletableFuture<?> _ =
                run.whenComplete((answer, thrown) -> {
                    if (thrown != null) {
                        fail(index, modality, thrown);
                        return;
                    }
                    StageTimes times =
                            new StageTimes(prepareNanos, answer.queueNanos(), answer.runNanos());
                    settle(index, new Outcome.Vector(answer.row(), modality, item.use(), times));
                });
    }

    /** Whether an item need not be prepared: its call has ended, or an earlier item fails it. */
    private boolean isOver(int index) {
        return done.isDone() || firstFailed.get() < index;
    }

    /** Whether no item need be run any more. */
    private boolean hasFailed() {
        return done.isDone() || firstFailed.get() != Integer.MAX_VALUE;
    }

    private void fail(int index, Modality modality, Throwable thrown) {
        if (thrown instanceof CancellationException) {
            settle(index, SKIPPED);
            return;
        }
        Problem problem = Failures.problem(thrown, task.places().apply(index));
        settle(index, new Outcome.Failed(modality, problem));
    }

    private void settle(int index, Outcome outcome) {
        if (!slots.compareAndSet(index, null, outcome)) {
            return;
        }
        switch (outcome) {
            case Outcome.Vector(_, Modality modality, _, StageTimes times) -> {
                if (modality != null) {
                    listener.embedded(modality, times);
                }
            }
            case Outcome.Failed(Modality modality, Problem problem) -> {
                if (modality != null) {
                    listener.failed(modality, problem);
                }
                if (task.onError() == OnError.FAIL) {
                    firstFailed.accumulateAndGet(index, Math::min);
                    cancelRuns();
                }
            }
            case Outcome.Skipped _ -> {}
        }
        if (task.inputs().get(index) instanceof Input.Image) {
            startImage();
        }
        if (open.decrementAndGet() == 0) {
            finish();
        }
    }

    private void cancelRuns() {
        for (int i = 0; i < runs.length(); i++) {
            CompletableFuture<?> run = runs.get(i);
            if (run != null) {
                run.cancel(false);
            }
        }
    }

    private void finish() {
        int failed = firstFailed.get();
        if (failed != Integer.MAX_VALUE
                && slots.get(failed) instanceof Outcome.Failed(_, Problem problem)) {
            done.completeExceptionally(new ProblemException(problem, task.places().apply(failed)));
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
