package io.cospace.service.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Makes {@link JsonReader}s. Costly to make, thread-safe. */
final class JsonReaders {

    private final JsonFactory json;
    private final int maxDepth;

    /**
     * @param maxDepth objects and arrays inside each other
     * @param maxBytes longest string
     */
    JsonReaders(int maxDepth, int maxBytes) {
        this.maxDepth = maxDepth;
        this.json =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(maxDepth)
                                        .maxStringLength(maxBytes)
                                        .build())
                        // NaN is read here, so that it can be refused with its place in a vector.
                        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                        .build();
    }

    /**
     * A reader at the first token of {@code body}.
     *
     * @throws io.cospace.service.embedding.ProblemException when there is none
     */
    JsonReader read(byte[] body) {
        try {
            return JsonReader.start(json.createParser(body), maxDepth);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
