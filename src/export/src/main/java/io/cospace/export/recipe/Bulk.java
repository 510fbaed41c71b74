package io.cospace.export.recipe;

import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.ExportException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Runs a tower over many inputs on all cores. Which inputs share a batch depends on the inputs
 * alone, never on the number of threads or their timing, so that the same inputs give the same
 * bits.
 */
final class Bulk {
    /** Tokens in a batch: measured best for small encoders on a CPU (250 to 1000). */
    private static final int TOKENS = 512;

    private static final int IMAGES = 8;

    /** How often progress is told, in inputs. */
    private static final int REPORTED = 2000;

    private final int threads;

    /** With {@code threads} workers, 1 or more. */
    Bulk(int threads) {
        this.threads = threads;
    }

    int threads() {
        return threads;
    }

    /** Vectors of texts, in their order; texts of like length are run together. */
    List<float[]> texts(
            List<TokenizedText> texts,
            Function<List<TokenizedText>, List<float[]>> tower,
            IntConsumer progress) {
        return run(
                textBatches(texts),
                texts.size(),
                batch -> tower.apply(Arrays.stream(batch).mapToObj(texts::get).toList()),
                progress);
    }

    /** Vectors of image files, in their order. */
    List<float[]> images(
            List<byte[]> images,
            Function<byte[], Pixels> prepare,
            Function<List<Pixels>, List<float[]>> tower,
            IntConsumer progress) {
        List<int[]> batches =
                IntStream.iterate(0, from -> from < images.size(), from -> from + IMAGES)
                        .mapToObj(from ->
                                IntStream.range(from, Math.min(from + IMAGES, images.size()))
                                        .toArray())
                        .toList();
        return run(
                batches,
                images.size(),
                batch ->
                        tower.apply(
                                Arrays.stream(batch).mapToObj(images::get).map(prepare).toList()),
                progress);
    }

    /**
     * Indices, longest texts first, equal lengths in their order; each batch padded stays below the
     * budget.
     */
    private static List<int[]> textBatches(List<TokenizedText> texts) {
        int[] order =
                IntStream.range(0, texts.size())
                        .boxed()
                        .sorted(Comparator.comparingInt((Integer i) -> -texts.get(i).length()))
                        .mapToInt(Integer::intValue)
                        .toArray();
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        while (from < order.length) {
            int fit = Math.max(1, TOKENS / texts.get(order[from]).length());
            int to = Math.min(order.length, from + fit);
            batches.add(Arrays.copyOfRange(order, from, to));
            from = to;
        }
        return batches;
    }

    private List<float[]> run(
            List<int[]> batches,
            int size,
            Function<int[], List<float[]>> work,
            IntConsumer progress) {
        float[][] vectors = new float[size][];
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<float[]>>> results =
                    batches.stream().map(batch -> pool.submit(() -> work.apply(batch))).toList();
            int done = 0;
            for (int i = 0; i < batches.size(); i++) {
                int[] batch = batches.get(i);
                List<float[]> rows = await(results.get(i));
                for (int row = 0; row < batch.length; row++) {
                    vectors[batch[row]] = rows.get(row);
                }
                if (done / REPORTED != (done + batch.length) / REPORTED) {
                    progress.accept(done + batch.length);
                }
                done += batch.length;
            }
            return List.of(vectors);
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<float[]> await(Future<List<float[]>> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExportException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default ->
                        throw new IllegalStateException("This is a bug: a checked failure", e);
            }
        }
    }
}
