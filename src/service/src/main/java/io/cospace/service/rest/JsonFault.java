package io.cospace.service.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;

/** What a parser's exception says, for a caller who does not know the parser. */
final class JsonFault {

    private JsonFault() {}

    static String of(IOException thrown, JsonParser parser, int maxDepth) {
        long offset = parser.currentLocation().getByteOffset();
        return switch (thrown) {
            case StreamConstraintsException limit ->
                    parser.getParsingContext().getNestingDepth() > maxDepth
                            ? "is nested more than %d objects and arrays deep".formatted(maxDepth)
                            : limit.getOriginalMessage();
            case JsonEOFException _ -> "the JSON ends too early, at byte " + offset;
            case JsonProcessingException json ->
                    "is not JSON at byte %d: %s".formatted(offset, json.getOriginalMessage());
            default -> "is not JSON: " + thrown.getMessage();
        };
    }
}
