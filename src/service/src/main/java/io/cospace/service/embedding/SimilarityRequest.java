package io.cospace.service.embedding;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Scores asked for, of the items of {@code a} against those of {@code b}.
 *
 * @param a at least one
 * @param b at least one
 * @param topK how many of {@code b} are answered for each of {@code a}; null: all
 */
public record SimilarityRequest(
        List<Input> a,
        List<Input> b,
        Options options,
        Mode mode,
        Score score,
        @Nullable Integer topK) {

    /** Which scores. */
    public enum Mode {
        /** Each of {@code a} against each of {@code b}. */
        MATRIX,
        /** Each of {@code a} against the one of {@code b} at the same position. */
        PAIRS
    }

    /** What a score is. */
    public enum Score {
        /** Cosine of the angle between the two vectors, -1 .. 1. */
        COSINE,
        /** What the model's own scale makes of the cosine, 0 .. 1. */
        PROBABILITY
    }

    public SimilarityRequest {
        a = List.copyOf(a);
        b = List.copyOf(b);
    }

    /** How many of the items have to be computed: all but stored vectors. */
    public int computed() {
        long stored =
                Stream.concat(a.stream(), b.stream())
                        .filter(input -> input instanceof Input.Vector)
                        .count();
        return a.size() + b.size() - (int) stored;
    }
}
