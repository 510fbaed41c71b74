package io.cospace.evaluate.bench;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The limit that no service over the same graphs can pass: a bare loop, one thread a core, batches
 * of about the best size, texts sorted by length so that hardly anything is padded; tokenizing and
 * decoding are inside the loop, as a service has to do them too.
 */
public final class LimitLoop implements Contestant {
    /** Inputs that a thread takes, sorts and works off at a time. */
    private static final int WINDOW = 256;

    private static final long SEED = 1;

    private final TextEncoder texts;
    private final ImageEncoder images;
    private final List<Item> items;
    private final Settings settings;
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder done = new LongAdder();
    private volatile boolean stopped;

    /**
     * How the loop runs.
     *
     * @param threads one a core
     * @param tokens padded tokens in a batch of texts
     * @param batchImages images in a batch
     */
    public record Settings(int threads, int tokens, int batchImages) {
        /** Checks the ranges. */
        public Settings {
            if (threads < 1 || tokens < 1 || batchImages < 1) {
                throw new BenchException(
                        "threads %d, batch tokens %d, batch images %d: each must be 1 or more"
                                .formatted(threads, tokens, batchImages));
            }
        }
    }

    /** A loop over all inputs of a workload, whatever requests they stand in. */
    public LimitLoop(TextEncoder texts, ImageEncoder images, Workload workload, Settings settings) {
        this.texts = texts;
        this.images = images;
        this.items = workload.items();
        this.settings = settings;
    }

    @Override
    public String name() {
        return "limit";
    }

    /**
     * Items of batches that end within the duration count. A batch under way at either end is
     * counted whole or not at all; both ends err the same way.
     */
    @Override
    public Sample run(Duration duration) throws InterruptedException {
        stopped = false;
        try (ExecutorService pool = Executors.newFixedThreadPool(settings.threads())) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < settings.threads(); i++) {
                workers.add(pool.submit(this::work));
            }
            // The first windows are tokenized before anything is done: let that pass.
            TimeUnit.MILLISECONDS.sleep(Math.min(500, duration.toMillis() / 4));
            long itemsBefore = done.sum();
            CpuMeter meter = CpuMeter.ofLoop();
            long start = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
            long items = done.sum() - itemsBefore;
            Cpu cpu = meter.lap();
            double seconds = (System.nanoTime() - start) / 1e9;
            stopped = true;
            for (Future<?> worker : workers) {
                worker.get();
            }
            return new Sample(items, seconds, cpu, null);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("this is a bug: the loop failed", e);
        } finally {
            stopped = true;
        }
    }

    private void work() {
        Random random = new Random(SEED);
        while (!stopped) {
            List<String> windowTexts = new ArrayList<>();
            List<byte[]> windowImages = new ArrayList<>();
            long from = taken.getAndAdd(WINDOW);
            for (long i = from; i < from + WINDOW; i++) {
                switch (items.get((int) (i % items.size()))) {
                    case Item.Text text -> windowTexts.add(text.text());
                    case Item.Image image -> windowImages.add(image.bytes());
                }
            }
            embedTexts(windowTexts, random);
            embedImages(windowImages);
        }
    }

    /**
     * Batches run in a random order: longest first, a run that is shorter than a window would see
     * only the long texts.
     */
    private void embedTexts(List<String> window, Random random) {
        List<TokenizedText> sorted =
                window.stream()
                        .map(text -> texts.tokenize(text, Task.DOCUMENT))
                        .map(text -> texts.truncate(text, Side.START))
                        .sorted(Comparator.comparingInt(text -> -text.length()))
                        .toList();
        List<List<TokenizedText>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); ) {
            int fit = Math.max(1, settings.tokens() / sorted.get(from).length());
            int to = Math.min(sorted.size(), from + fit);
            batches.add(sorted.subList(from, to));
            from = to;
        }
        Collections.shuffle(batches, random);
        for (List<TokenizedText> batch : batches) {
            if (!stopped) {
                texts.embed(batch, Width.NARROW);
                done.add(batch.size());
            }
        }
    }

    private void embedImages(List<byte[]> window) {
        int from = 0;
        while (from < window.size() && !stopped) {
            int to = Math.min(window.size(), from + settings.batchImages());
            List<Pixels> batch = window.subList(from, to).stream().map(images::prepare).toList();
            images.embed(batch, Width.NARROW);
            done.add(to - from);
            from = to;
        }
    }

    @Override
    public void close() {
        stopped = true;
    }
}
