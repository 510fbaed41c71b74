package io.cospace.export.recipe;

import io.cospace.evaluate.data.EmojiNames;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.PairReader;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.ExportException;
import io.cospace.export.recipe.ClassTable.ImageClass;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that the recipe reads, in memory: pairs by split, the classes, and the corpus.
 *
 * @param training pairs that statistics are taken of
 * @param validation pairs that the score scale is fitted on and sizes are chosen on
 * @param test pairs that are only measured
 * @param classes of the image classifier
 * @param corpus texts that the whitening is fitted on
 */
record Sources(
        List<Pair> training,
        List<Pair> validation,
        List<Pair> test,
        List<ImageClass> classes,
        List<String> corpus) {

    static Sources read(Ingredients ingredients) {
        List<Pair> training = pairs(ingredients, "train");
        List<ImageClass> classes = ClassTable.read(ingredients.classTable());
        return new Sources(
                training,
                pairs(ingredients, "val"),
                pairs(ingredients, "test"),
                classes,
                Corpus.of(training, EmojiNames.read(ingredients.emojiNames()), classes));
    }

    /** Every pair, training first. */
    List<Pair> pairs() {
        return Stream.of(training, validation, test).flatMap(List::stream).toList();
    }

    /**
     * Every text that a vector is needed of, each once: the corpus, the classes' texts, the
     * captions.
     */
    List<String> texts() {
        Set<String> texts = new LinkedHashSet<>(corpus);
        classes.forEach(imageClass -> texts.addAll(imageClass.texts()));
        pairs().forEach(pair -> texts.add(Corpus.caption(pair)));
        return List.copyOf(texts);
    }

    /** An ingredient is whole or not used: a sample that cannot be read is an error here. */
    private static List<Pair> pairs(Ingredients ingredients, String split) {
        SkippedSamples skipped = new SkippedSamples();
        List<Pair> pairs = new ArrayList<>();
        try (PairReader reader = PairReader.open(ingredients.shards(split), skipped)) {
            reader.forEachRemaining(pairs::add);
        }
        if (skipped.count() > 0) {
            throw new ExportException(
                    skipped.count()
                            + " samples cannot be used, the first: "
                            + skipped.listed().getFirst());
        }
        if (pairs.isEmpty()) {
            throw new ExportException("the " + split + " shards hold no pair");
        }
        return pairs;
    }
}
