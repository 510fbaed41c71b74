package io.cospace.service.embedding;

import java.util.List;

/**
 * Scores in the order asked.
 *
 * @param model {@code name/version} of the model whose vectors were compared
 * @param space the vector space they are of
 * @param usage what the model read for the call
 * @param times of the item that was answered last
 */
public record SimilarityResult(
        String model, String space, Table scores, Usage usage, StageTimes times) {

    /** The scores. */
    public sealed interface Table {}

    /** One row for each of {@code a}, in it one score for each of {@code b}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Matrix(float[][] rows) implements Table {}

    /** One score for each position. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Pairs(float[] scores) implements Table {}

    /** For each of {@code a} the best of {@code b}, best first. */
    public record Best(List<List<Hit>> rows) implements Table {}

    /**
     * One of the best.
     *
     * @param index position in {@code b}
     */
    public record Hit(int index, float score) {}
}
