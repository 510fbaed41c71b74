package io.cospace.service.embedding;

import java.util.List;

/**
 * Tokens asked for.
 *
 * @param inputs at least one, in the order of the answer
 */
public record TokenizeRequest(List<Input.Text> inputs, Options options) {

    public TokenizeRequest {
        inputs = List.copyOf(inputs);
    }
}
