package io.cospace.service.embedding;

import io.cospace.service.embedding.SimilarityResult.Hit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The best scores of a row. */
final class TopScores {

    /** Best first; of equal scores the one that stands first in the row. */
    private static final Comparator<Hit> BEST_FIRST =
            Comparator.comparingDouble(Hit::score).reversed().thenComparingInt(Hit::index);

    private TopScores() {}

    /** The {@code count} best, or all when there are fewer, best first. */
    static List<Hit> of(float[] scores, int count) {
        PriorityQueue<Hit> worstFirst = new PriorityQueue<>(BEST_FIRST.reversed());
        for (int i = 0; i < scores.length; i++) {
            if (worstFirst.size() < count) {
                worstFirst.add(new Hit(i, scores[i]));
            } else if (scores[i] > worstFirst.element().score()) {
                worstFirst.remove();
                worstFirst.add(new Hit(i, scores[i]));
            }
        }
        List<Hit> best = new ArrayList<>(worstFirst);
        Collections.sort(best, BEST_FIRST);
        return best;
    }
}
