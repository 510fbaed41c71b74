package io.cospace.service.embedding;

import java.util.List;

/**
 * Tokens in the order asked.
 *
 * @param model {@code name/version} of the model that reads them
 * @param times of which only the preparation is not 0
 */
public record TokenizeResult(String model, List<Text> texts, StageTimes times) {

    /** What the model would read of one text, uncut. */
    public record Text(List<Token> tokens) {}

    /**
     * One token.
     *
     * @param piece as the vocabulary spells it
     * @param start where it starts in the caller's string, in the unit that the call asks for; -1
     *     for a token that is not in it, such as one of the prompt
     * @param end where it ends; -1 as above
     */
    public record Token(int id, String piece, int start, int end) {}
}
