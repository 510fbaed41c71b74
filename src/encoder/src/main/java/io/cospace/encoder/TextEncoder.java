package io.cospace.encoder;

import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.error.TextException;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import java.util.List;

/**
 * The text tower: a text to a unit vector of {@code D} dimensions. Safe for use by many threads at
 * once.
 */
public interface TextEncoder {

    /** Most tokens that the model reads at once, special tokens and prompt included. */
    int maxTokens();

    /**
     * Tokens of the whole text, prompt and special tokens included, never cut.
     *
     * @throws TextException when the text is empty, above 1 MB of UTF-8, or not well-formed UTF-16
     */
    TokenizedText tokenize(String text, Task task);

    /**
     * The tokens of {@link #tokenize}, one for one, as the vocabulary spells them; for a reader,
     * not for the model.
     *
     * @throws TextException as {@link #tokenize}
     */
    List<String> pieces(String text, Task task);

    /**
     * At most {@link #maxTokens()} tokens of {@code text}: special tokens and prompt stay, the
     * content keeps one side.
     */
    TokenizedText truncate(TokenizedText text, Side keep);

    /**
     * One unit vector [D] for each text, in the order given. A text's vector does not depend on its
     * neighbours beyond what the bundle says of its precision.
     *
     * @throws InferenceException when the run fails or a row is not finite; then the batch has no
     *     valid row
     * @throws IllegalArgumentException when a text is longer than {@link #maxTokens()}
     */
    List<float[]> embed(List<TokenizedText> batch, Width width);

    /**
     * The raw pooled rows [d] before anything that the adapter does, for long texts; otherwise as
     * {@link #embed}.
     */
    List<float[]> pool(List<TokenizedText> batch, Width width);

    /** The unit vector [D] of a pooled row [d], usually the mean of a long text's windows. */
    float[] adapt(float[] pooled);
}
