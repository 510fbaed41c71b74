package io.cospace.service.embedding;

import io.cospace.encoder.Modality;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.text.Chunks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one item of a call. */
sealed interface Outcome {

    /** Time of each stage; zeros for an item that never reached its tower. */
    default StageTimes times() {
        return StageTimes.NONE;
    }

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

    /** A text's vectors, one for each of its parts. */
    record Chunked(List<Chunk> chunks, TextUse use, StageTimes times) implements Outcome {

        static Chunked of(PreparedText.Chunked text, List<Tower.Run> runs, StageTimes times) {
            List<Chunk> chunks = new ArrayList<>(runs.size());
            for (int i = 0; i < runs.size(); i++) {
                Chunks.Chunk part = text.chunks().get(i);
                Vector vector = new Vector(runs.get(i).row(), Modality.TEXT, null, times);
                chunks.add(new Chunk(part.start(), part.end(), part.tokens().length(), vector));
            }
            return new Chunked(List.copyOf(chunks), text.use(), times);
        }
    }

    /**
     * One part of a text.
     *
     * @param start UTF-16 index of its first character in the caller's string
     * @param end UTF-16 index behind its last character
     */
    record Chunk(int start, int end, int tokens, Vector vector) {}

    /** The item's problem. */
    record Failed(@Nullable Modality modality, Problem problem) implements Outcome {}

    /** The item was given up because its call had failed already. */
    record Skipped() implements Outcome {}
}
