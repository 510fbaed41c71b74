package io.cospace.service.embedding;

import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.service.embedding.TokenizeResult.Text;
import io.cospace.service.embedding.TokenizeResult.Token;
import java.util.ArrayList;
import java.util.List;

/** Texts as lists of tokens, for callers who want to see how long a text is for the model. */
final class TokenListing {

    private final TextEncoder encoder;
    private final Options options;
    private final TextPreparation preparation;
    private final CallContext call;

    TokenListing(TextEncoder encoder, Options options, Limits limits, CallContext call) {
        this.encoder = encoder;
        this.options = options;
        this.preparation = new TextPreparation(encoder, options, limits);
        this.call = call;
    }

    /**
     * Lists the tokens of one text.
     *
     * @throws ProblemException with {@code place} when the text cannot be read, or the call's time
     *     is over
     */
    Text list(Input.Text input, Place place) {
        if (call.deadlineNanos() - System.nanoTime() < 0) {
            throw new ProblemException(new Problem.DeadlineExceeded(call.timeout()));
        }
        try {
            Task task = input.task() == null ? options.task() : input.task();
            TokenizedText tokens = preparation.tokenize(input);
            return new Text(list(input.text(), tokens, encoder.pieces(input.text(), task)));
        } catch (RuntimeException e) {
            throw new ProblemException(Failures.problem(e, place, call), place);
        }
    }

    private List<Token> list(String text, TokenizedText tokens, List<String> pieces) {
        int[] places =
                options.offsets() == Offsets.CODE_POINTS ? CodePoints.before(text) : new int[0];
        List<Token> list = new ArrayList<>(tokens.length());
        for (int t = 0; t < tokens.length(); t++) {
            boolean isContent = t >= tokens.contentFrom() && t < tokens.contentTo();
            int start = isContent ? tokens.start(t) : -1;
            int end = isContent ? tokens.end(t) : -1;
            boolean counted = isContent && places.length > 0;
            list.add(
                    new Token(
                            tokens.id(t),
                            pieces.get(t),
                            counted ? places[start] : start,
                            counted ? places[end] : end));
        }
        return list;
    }
}
