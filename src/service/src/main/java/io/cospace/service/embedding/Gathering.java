package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.text.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The items of one call on their way through preparation and towers into their {@link Slots}.
 *
 * <p>Texts are prepared in chunks, the first one on the calling thread; images one by one, no more
 * than {@value #IMAGES_AT_ONCE} of a call at once between decoding and answer, because a decoded
 * image takes a hundred times the memory of its file.
 */
final class Gathering {

    private static final int TEXTS_A_CHUNK = 32;
    private static final int IMAGES_AT_ONCE = 32;

    /** What a gathering is about. */
    record Task(
            Model model,
            List<Input> inputs,
            IntFunction<Place> places,
            Options options,
            int dimensions,
            OnError onError,
            CallContext call) {}

    /**
     * An item that its tower can run.
     *
     * @param rows at least one
     * @param result what the results of all rows make
     */
    private record Prepared<I>(
            int index, List<I> rows, Function<List<Tower.Run>, Outcome> result) {}

    private final Task task;
    private final Workers workers;
    private final UrlImages urls;
    private final EmbeddingListener listener;
    private final TextPreparation textPreparation;
    private final Slots slots;
    private final List<Integer> images = new ArrayList<>();
    private final AtomicInteger nextImage = new AtomicInteger();

    Gathering(
            Task task, Workers workers, UrlImages urls, EmbeddingListener listener, Limits limits) {
        this.urls = urls;
        this.task = task;
        this.workers = workers;
        this.listener = listener;
        this.textPreparation =
                new TextPreparation(task.model().textEncoder(), task.options(), limits);
        this.slots =
                new Slots(
                        task.inputs().size(),
                        task.places(),
                        task.onError(),
                        listener,
                        this::settled);
    }

    /** Sets all items on their way; called once. */
    Slots start() {
        List<Integer> texts = new ArrayList<>();
        for (int i = 0; i < task.inputs().size(); i++) {
            switch (task.inputs().get(i)) {
                case Input.Text _ -> texts.add(i);
                case Input.Image _, Input.ImageUrl _ -> images.add(i);
                case Input.Vector vector -> slots.settle(i, stored(i, vector));
                case Input.Unreadable(Modality modality, Problem problem) ->
                        slots.settle(i, new Outcome.Failed(modality, problem));
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
        return slots;
    }

    private Outcome stored(int index, Input.Vector vector) {
        Place place = task.places().apply(index);
        try {
            float[] unit =
                    StoredVectors.unit(
                            vector, task.model(), task.options(), task.dimensions(), place);
            return new Outcome.Vector(unit, null, null, StageTimes.NONE);
        } catch (ProblemException e) {
            return new Outcome.Failed(null, e.problem());
        }
    }

    private void prepareTexts(List<Integer> chunk) {
        List<Prepared<TextRow>> ready = new ArrayList<>(chunk.size());
        for (int index : chunk) {
            if (slots.isOver(index)) {
                drop(index);
                continue;
            }
            try {
                Input.Text input = (Input.Text) task.inputs().get(index);
                PreparedText text = textPreparation.prepare(input);
                if (text.use().truncated()) {
                    listener.truncated();
                }
                long prepareNanos = sinceStart();
                ready.add(
                        new Prepared<>(
                                index, text.rows(), runs -> result(text, runs, prepareNanos)));
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                fail(index, Modality.TEXT, e);
            }
        }
        submit(Modality.TEXT, task.model().texts(), ready);
    }

    private Outcome result(PreparedText text, List<Tower.Run> runs, long prepareNanos) {
        StageTimes times = StageTimes.of(prepareNanos, runs);
        return switch (text) {
            case PreparedText.Whole(_, TextUse use) ->
                    new Outcome.Vector(runs.getFirst().row(), Modality.TEXT, use, times);
            case PreparedText.Pooled(List<Windows.Window> windows, TextUse use) -> {
                List<float[]> rows = runs.stream().map(Tower.Run::row).toList();
                float[] mean = Windows.mean(windows, rows);
                float[] vector = task.model().textEncoder().adapt(mean);
                yield new Outcome.Vector(vector, Modality.TEXT, use, times);
            }
            case PreparedText.Chunked chunked -> Outcome.Chunked.of(chunked, runs, times);
        };
    }

    private void startImage() {
        int turn = nextImage.getAndIncrement();
        if (turn < images.size()) {
            int index = images.get(turn);
            switch (task.inputs().get(index)) {
                case Input.ImageUrl(String url) -> workers.texts().execute(() -> fetch(index, url));
                case Input.Image(byte[] file) ->
                        workers.images().execute(() -> prepareImage(index, file));
                case Input.Text _, Input.Vector _, Input.Unreadable _ ->
                        throw new IllegalStateException("This is a bug: not an image");
            }
        }
    }

    private void settled(int index) {
        Input input = task.inputs().get(index);
        if (input instanceof Input.Image || input instanceof Input.ImageUrl) {
            startImage();
        }
    }

    private void fetch(int index, String url) {
        if (slots.isOver(index)) {
            slots.skip(index);
            return;
        }
        long from = System.nanoTime();
        Duration left = Duration.ofNanos(task.call().deadlineNanos() - from);
        CompletableFuture<UrlImages.Fetched> image = urls.fetch(url, left);
        slots.track(index, List.of(image));
        CompletableFuture<?> _ =
                image.whenComplete((fetched, thrown) -> {
                    listener.fetched(System.nanoTime() - from);
                    if (fetched == null) {
                        fail(index, Modality.IMAGE, thrown);
                    } else {
                        workers.images().execute(() -> prepare(index, fetched));
                    }
                });
    }

    private void prepare(int index, UrlImages.Fetched image) {
        try {
            prepareImage(index, image.bytes());
        } finally {
            image.release().run();
        }
    }

    private void prepareImage(int index, byte[] file) {
        if (slots.isOver(index)) {
            drop(index);
            return;
        }
        try {
            Tower<ImageRow> tower = task.model().images();
            String digest = ImageRow.digest(file);
            Tower.Run known = tower.known(digest, task.call());
            if (known != null) {
                slots.settle(index, result(List.of(known), sinceStart()));
                return;
            }
            ImageRow row = new ImageRow(decode(index, file), digest);
            long prepareNanos = sinceStart();
            submit(
                    Modality.IMAGE,
                    tower,
                    List.of(
                            new Prepared<>(
                                    index, List.of(row), runs -> result(runs, prepareNanos))));
        } catch (CancellationException _) {
            drop(index);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            fail(index, Modality.IMAGE, e);
        }
    }

    private Pixels decode(int index, byte[] file) {
        try {
            return task.model().imageEncoder().prepare(file, slots.preparing(index));
        } finally {
            slots.prepared(index);
        }
    }

    private static Outcome result(List<Tower.Run> runs, long prepareNanos) {
        StageTimes times = StageTimes.of(prepareNanos, runs);
        return new Outcome.Vector(runs.getFirst().row(), Modality.IMAGE, null, times);
    }

    /** An item that no lane will see; those that one has seen are counted there. */
    private void drop(int index) {
        if (slots.isAbandoned()) {
            listener.abandoned();
        }
        slots.skip(index);
    }

    private <I> void submit(Modality modality, Tower<I> tower, List<Prepared<I>> ready) {
        if (slots.isOver()) {
            ready.forEach(item -> drop(item.index()));
            return;
        }
        if (ready.isEmpty()) {
            return;
        }
        List<CompletableFuture<Tower.Run>> futures;
        try {
            List<I> rows = ready.stream().flatMap(item -> item.rows().stream()).toList();
            futures = tower.submit(rows, task.call());
        } catch (RuntimeException e) {
            ready.forEach(item -> fail(item.index(), modality, e));
            return;
        }
        int from = 0;
        for (Prepared<I> item : ready) {
            int to = from + item.rows().size();
            await(item, modality, futures.subList(from, to));
            from = to;
        }
    }

    /** A single row is settled where it was run; several need arithmetic, and so a worker. */
    private void await(
            Prepared<?> item, Modality modality, List<CompletableFuture<Tower.Run>> parts) {
        slots.track(item.index(), parts);
        CompletableFuture<?> _ =
                parts.size() == 1
                        ? parts.getFirst()
                                .whenComplete((_, thrown) -> settle(item, modality, parts, thrown))
                        : CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                                .whenCompleteAsync(
                                        (_, thrown) -> settle(item, modality, parts, thrown),
                                        workers.texts());
    }

    private void settle(
            Prepared<?> item,
            Modality modality,
            List<CompletableFuture<Tower.Run>> parts,
            @Nullable Throwable thrown) {
        if (thrown != null) {
            fail(item.index(), modality, thrown);
            return;
        }
        try {
            List<Tower.Run> runs = parts.stream().map(CompletableFuture::join).toList();
            slots.settle(item.index(), item.result().apply(runs));
        } catch (RuntimeException | OutOfMemoryError e) {
            fail(item.index(), modality, e);
        }
    }

    private void fail(int index, Modality modality, Throwable thrown) {
        boolean givenUp =
                thrown instanceof CancellationException
                        || (thrown instanceof CompletionException
                                && thrown.getCause() instanceof CancellationException);
        if (givenUp) {
            slots.skip(index);
            return;
        }
        Problem problem = Failures.problem(thrown, task.places().apply(index), task.call());
        slots.settle(index, new Outcome.Failed(modality, problem));
    }

    private long sinceStart() {
        return System.nanoTime() - task.call().startNanos();
    }
}
