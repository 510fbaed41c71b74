package io.cospace.service.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

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
                        // JSON on the wire is UTF-8 (RFC 8259, section 8.1).
                        .disable(JsonFactory.Feature.CHARSET_DETECTION)
                        .build();
    }

    /**
     * A reader at the first token of {@code body}.
     *
     * @throws io.cospace.service.embedding.ProblemException when there is none
     */
    JsonReader read(byte[] body) {
        byte[] plain = startsWithMark(body) ? Arrays.copyOfRange(body, 3, body.length) : body;
        try {
            return JsonReader.start(json.createParser(plain), plain, maxDepth);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A byte order mark, which RFC 8259 lets a reader pass over. */
    private static boolean startsWithMark(byte[] body) {
        return body.length >= 3
                && body[0] == (byte) 0xEF
                && body[1] == (byte) 0xBB
                && body[2] == (byte) 0xBF;
    }
}
