package io.cospace.export.importer;

import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.math.Vectors;
import java.util.List;

/** How close one precision's vectors are to another's. */
final class Agreement {
    /** Below this mean a person should know. */
    static final double WARN_BELOW = 0.99;

    /** Below this mean the model is another one. */
    static final double REFUSE_BELOW = 0.95;

    private Agreement() {}

    /** Smallest and mean cosine of pairs of unit vectors; rounded to 6 digits. */
    static Cosine of(List<float[]> vectors, List<float[]> reference) {
        if (vectors.isEmpty() || vectors.size() != reference.size()) {
            throw new IllegalArgumentException(
                    "%d vectors against %d".formatted(vectors.size(), reference.size()));
        }
        double least = 1;
        double sum = 0;
        for (int i = 0; i < vectors.size(); i++) {
            double cosine = Math.min(1, Vectors.dot(vectors.get(i), reference.get(i)));
            least = Math.min(least, cosine);
            sum += cosine;
        }
        return new Cosine(rounded(least), rounded(sum / vectors.size()));
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
