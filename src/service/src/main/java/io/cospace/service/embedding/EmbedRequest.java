package io.cospace.service.embedding;

import java.util.List;
import java.util.Set;

/**
 * Vectors asked for.
 *
 * @param inputs at least one, in the order of the answer
 * @param types the forms in which each vector is answered; at least one
 */
public record EmbedRequest(
        List<Input> inputs, Options options, Set<OutputType> types, OnError onError) {

    public EmbedRequest {
        inputs = List.copyOf(inputs);
        types = Set.copyOf(types);
    }
}
