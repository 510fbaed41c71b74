package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.encoder.math.Vectors;
import org.jspecify.annotations.Nullable;

/** What became of one item of a call. */
sealed interface Outcome {

    /**
     * The item's vector.
     *
     * @param values of unit length; the model's own number of components, or, of a stored vector,
     *     the number that the call asks for
     * @param modality null for a stored vector
     * @param use what was read of a text; null otherwise
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Vector(
            float[] values, @Nullable Modality modality, @Nullable TextUse use, StageTimes times)
            implements Outcome {

        /**
         * The first components, as a unit vector again.
         *
         * @throws ProblemException when these are all zero
         */
        float[] cut(int dimensions) {
            if (values.length == dimensions) {
                return values;
            }
            try {
                return Vectors.truncate(values, dimensions);
            } catch (ArithmeticException _) {
                throw new ProblemException(
                        new Problem.InferenceFailed(
                                "the first %d components of a vector are all zero"
                                        .formatted(dimensions)));
            }
        }
    }

    /** The item's problem. */
    record Failed(@Nullable Modality modality, Problem problem) implements Outcome {}

    /** The item was given up because its call had failed already. */
    record Skipped() implements Outcome {}
}
