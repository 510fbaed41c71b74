package io.cospace.export.recipe;

import java.util.List;

/**
 * The factor between a cosine and a softmax logit, fitted on held-out pairs: the scale that
 * minimises the cross-entropy of finding the own partner among all pairs, image to text and text to
 * image in equal weight (CLIP's loss as a function of its temperature alone). Texts equal to a
 * row's own caption are no negatives.
 */
final class LogitScale {
    /**
     * The scale CLIP clips at is 100; beyond it the probabilities only say which score is largest.
     */
    private static final double LARGEST = 100;

    private LogitScale() {}

    /**
     * Fits the scale.
     *
     * @param images unit vectors, one a pair
     * @param texts unit vectors, one a pair, in the same order
     * @param captions the pairs' captions, in the same order
     * @return scale in 1..100, to about 1e-6
     */
    static double fit(List<double[]> images, List<double[]> texts, List<String> captions) {
        if (images.size() < 2
                || images.size() != texts.size()
                || images.size() != captions.size()) {
            throw new IllegalArgumentException(
                    "%d images, %d texts, %d captions; a fit needs two pairs or more"
                            .formatted(images.size(), texts.size(), captions.size()));
        }
        int count = images.size();
        double[][] cosines = new double[count][count];
        boolean[][] counted = new boolean[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                cosines[i][j] = Rows.dot(images.get(i), texts.get(j));
                counted[i][j] = i == j || !captions.get(i).equals(captions.get(j));
            }
        }
        return GoldenSection.minimum(scale -> loss(cosines, counted, scale), 1, LARGEST, 1e-6);
    }

    /** Mean cross-entropy in nats; convex in {@code scale}, so the search finds its one minimum. */
    static double loss(double[][] cosines, boolean[][] counted, double scale) {
        double sum = 0;
        for (int i = 0; i < cosines.length; i++) {
            // Subtracting the largest possible logit keeps exp in range; cosines are at most 1.
            double row = 0;
            double column = 0;
            for (int j = 0; j < cosines.length; j++) {
                row += counted[i][j] ? StrictMath.exp(scale * (cosines[i][j] - 1)) : 0;
                column += counted[j][i] ? StrictMath.exp(scale * (cosines[j][i] - 1)) : 0;
            }
            double own = scale * (cosines[i][i] - 1);
            sum += StrictMath.log(row) - own + StrictMath.log(column) - own;
        }
        return sum / (2 * cosines.length);
    }
}
