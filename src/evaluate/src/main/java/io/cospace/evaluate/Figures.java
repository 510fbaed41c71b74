package io.cospace.evaluate;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.metrics.RetrievalScores;
import io.cospace.evaluate.metrics.RetrievalScores.Direction;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Retrieval figures of one group in one language.
 *
 * @param group part of the data set, see {@link Grouping}
 * @param language of the captions, BCP 47, or {@link Caption#UNDETERMINED}
 * @param dimensions length of the vectors
 * @param scores ranks both ways
 */
public record Figures(String group, String language, int dimensions, RetrievalScores scores) {
    /** The k of R@k. */
    public static final List<Integer> CUTS = List.of(1, 5, 10);

    /** How many images were ranked. */
    public int images() {
        return scores.imageToText().queries();
    }

    /** How many distinct captions were ranked. */
    public int captions() {
        return scores.textToImage().queries();
    }

    /**
     * The figures by the names that a manifest's targets use: group, language unless undetermined,
     * direction and figure, for example {@code openclipart.image_to_text.recall_at_10}; fractions.
     */
    public SortedMap<String, Double> metrics() {
        SortedMap<String, Double> metrics = new TreeMap<>();
        String prefix =
                language.equals(Caption.UNDETERMINED) ? group + "." : group + "." + language + ".";
        put(metrics, prefix + "image_to_text.", scores.imageToText());
        put(metrics, prefix + "text_to_image.", scores.textToImage());
        return metrics;
    }

    private static void put(SortedMap<String, Double> to, String prefix, Direction direction) {
        for (int k : CUTS) {
            to.put(prefix + "recall_at_" + k, direction.ranks().recall(k));
        }
        to.put(prefix + "mrr", direction.ranks().meanReciprocal());
    }
}
