package io.cospace.evaluate;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.error.TextException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.evaluate.data.Benchmark;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.Classes;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.metrics.VectorSet;
import io.cospace.evaluate.metrics.ZeroShot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Embeds the images and captions of pairs on all cores: as many workers as threads, each running
 * whole batches on the towers' one-thread sessions, which is the fastest way to run many. Images in
 * memory are bounded by the workers; vectors are all kept.
 */
public final class PairEncoder {
    /** Images in a batch; larger ones gain nothing on a CPU and cost memory. */
    private static final int IMAGES = 8;

    /** Padded tokens in a batch of texts (the best size found for small encoders on a CPU). */
    private static final int TOKENS = 256;

    /** Texts that a worker tokenizes at a time. */
    private static final int TEXTS = 256;

    private final TextEncoder texts;
    private final ImageEncoder images;
    private final Task task;
    private final Grouping grouping;
    private final int threads;

    /**
     * For the two towers of a bundle.
     *
     * @param task the prompt that captions are embedded with
     * @param grouping which group a pair belongs to
     * @param threads workers, 1 or more
     */
    public PairEncoder(
            TextEncoder texts, ImageEncoder images, Task task, Grouping grouping, int threads) {
        this.texts = texts;
        this.images = images;
        this.task = task;
        this.grouping = grouping;
        this.threads = threads;
    }

    /**
     * Embeds all pairs, in their order. A caption longer than the model reads keeps its start. An
     * image or caption that cannot be embedded is added to {@code skipped}, and so is a pair
     * without any caption left.
     *
     * @param progress told now and then how many images and texts were embedded in all
     * @throws EvaluationException if no pair is left
     */
    public EncodedPairs encode(Iterator<Pair> pairs, SkippedSamples skipped, IntConsumer progress) {
        List<EncodedPairs.Item> items = encodeImages(pairs, skipped, progress);
        List<Caption> captions =
                items.stream().flatMap(item -> item.captions().stream()).distinct().toList();
        return EncodedPairs.join(
                items, embedTexts(captions, skipped, items.size(), progress), skipped);
    }

    /**
     * Embeds labelled images and the texts of their classes, and classifies the images. An image or
     * text that cannot be embedded is added to {@code skipped}.
     *
     * @param pairs with the index of their class in the metadata field {@link Benchmark#LABEL}
     * @param progress told now and then how many images and texts were embedded in all
     * @throws EvaluationException if no image is left, or a class has no text
     */
    public ZeroShotFigures classify(
            Iterator<Pair> pairs, Classes classes, SkippedSamples skipped, IntConsumer progress) {
        List<EncodedPairs.Item> items = encodeImages(pairs, skipped, progress);
        if (items.isEmpty()) {
            throw new EvaluationException("the data hold no usable image");
        }
        int[] labels = items.stream().mapToInt(item -> Integer.parseInt(item.label())).toArray();
        List<Caption> texts =
                IntStream.range(0, classes.names().size())
                        .boxed()
                        .flatMap(c -> classes.texts(c).stream())
                        .map(Caption::of)
                        .distinct()
                        .toList();
        Map<Caption, float[]> vectors = embedTexts(texts, skipped, items.size(), progress);
        List<List<float[]>> byClass = new ArrayList<>();
        for (int c = 0; c < classes.names().size(); c++) {
            List<float[]> own =
                    classes.texts(c).stream()
                            .flatMap(text -> Stream.ofNullable(vectors.get(Caption.of(text))))
                            .toList();
            if (own.isEmpty()) {
                throw new EvaluationException(
                        "no text of class " + c + " (" + classes.names().get(c) + ") can be read");
            }
            byClass.add(own);
        }
        VectorSet images = VectorSet.of(items.stream().map(EncodedPairs.Item::vector).toList());
        return new ZeroShotFigures(
                classes, ZeroShot.classify(images, ZeroShot.classVectors(byClass), labels));
    }

    private List<EncodedPairs.Item> encodeImages(
            Iterator<Pair> pairs, SkippedSamples skipped, IntConsumer progress) {
        List<EncodedPairs.Item> items = new ArrayList<>();
        OrderedWorkers.run(
                threads,
                new Chunks<>(pairs, IMAGES),
                chunk -> embedImages(chunk, skipped),
                embedded -> {
                    items.addAll(embedded);
                    progress.accept(items.size());
                });
        return items;
    }

    private List<EncodedPairs.Item> embedImages(List<Pair> pairs, SkippedSamples skipped) {
        List<Pair> usable = new ArrayList<>();
        List<Pixels> batch = new ArrayList<>();
        for (Pair pair : pairs) {
            try {
                batch.add(images.prepare(pair.image()));
                usable.add(pair);
            } catch (ImageException e) {
                skipped.add("image", pair.key(), String.valueOf(e.getMessage()));
            }
        }
        List<float[]> vectors = batch.isEmpty() ? List.of() : images.embed(batch, Width.NARROW);
        List<EncodedPairs.Item> items = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            Pair pair = usable.get(i);
            items.add(
                    new EncodedPairs.Item(
                            pair.key(),
                            grouping.of(pair),
                            pair.captions(),
                            pair.text(Benchmark.LABEL).orElse(""),
                            vectors.get(i)));
        }
        return items;
    }

    /** A caption's place in the list with its tokens. */
    private record Tokens(Caption caption, TokenizedText text) {}

    private Map<Caption, float[]> embedTexts(
            List<Caption> captions, SkippedSamples skipped, int images, IntConsumer progress) {
        List<Tokens> tokens = new ArrayList<>();
        OrderedWorkers.run(
                threads,
                new Chunks<>(captions.iterator(), TEXTS),
                chunk -> chunk.stream().flatMap(c -> tokenize(c, skipped).stream()).toList(),
                tokens::addAll);
        tokens.sort(Comparator.comparingInt(t -> -t.text().length()));
        Map<Caption, float[]> vectors = new HashMap<>();
        OrderedWorkers.run(
                threads,
                batches(tokens).iterator(),
                batch -> {
                    List<TokenizedText> run = batch.stream().map(Tokens::text).toList();
                    List<float[]> embedded = texts.embed(run, Width.NARROW);
                    Map<Caption, float[]> byCaption = new HashMap<>();
                    for (int i = 0; i < batch.size(); i++) {
                        byCaption.put(batch.get(i).caption(), embedded.get(i));
                    }
                    return byCaption;
                },
                byCaption -> {
                    vectors.putAll(byCaption);
                    progress.accept(images + vectors.size());
                });
        return vectors;
    }

    private Optional<Tokens> tokenize(Caption caption, SkippedSamples skipped) {
        try {
            TokenizedText whole = texts.tokenize(caption.text(), task);
            return Optional.of(new Tokens(caption, texts.truncate(whole, Side.START)));
        } catch (TextException e) {
            skipped.add("caption", caption.text(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Longest first: a batch takes texts while it stays below the padded size. */
    private static List<List<Tokens>> batches(List<Tokens> longestFirst) {
        List<List<Tokens>> batches = new ArrayList<>();
        int from = 0;
        while (from < longestFirst.size()) {
            int fit = Math.max(1, TOKENS / longestFirst.get(from).text().length());
            int to = Math.min(longestFirst.size(), from + fit);
            batches.add(longestFirst.subList(from, to));
            from = to;
        }
        return batches;
    }

    /** Runs of up to {@code size} elements. */
    private record Chunks<T>(Iterator<T> source, int size) implements Iterator<List<T>> {
        @Override
        public boolean hasNext() {
            return source.hasNext();
        }

        @Override
        public List<T> next() {
            List<T> chunk = new ArrayList<>();
            while (chunk.size() < size && source.hasNext()) {
                chunk.add(source.next());
            }
            return chunk;
        }
    }
}
