package io.cospace.encoder.text.unigram;

/** What the model knows: pieces, and what each is worth. Immutable. */
final class Vocabulary {

    private static final double UNKNOWN_PENALTY = 10;

    private final PieceTable pieces;
    private final double[] scores;
    private final int unknown;
    private final double unknownScore;

    /**
     * @param pieces all pieces by their spelling
     * @param scores of each piece, by id
     * @param unknown id of the piece that stands for what no piece spells
     */
    Vocabulary(PieceTable pieces, double[] scores, int unknown) {
        this.pieces = pieces;
        this.scores = scores;
        this.unknown = unknown;
        double least = Double.POSITIVE_INFINITY;
        for (double score : scores) {
            least = Math.min(least, score);
        }
        unknownScore = least - UNKNOWN_PENALTY;
    }

    PieceTable pieces() {
        return pieces;
    }

    double score(int id) {
        return scores[id];
    }

    int unknown() {
        return unknown;
    }

    /** What an unknown code point costs: 10 less than the least score. */
    double unknownScore() {
        return unknownScore;
    }
}
