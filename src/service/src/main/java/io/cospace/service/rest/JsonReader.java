package io.cospace.service.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.Problem.Violation;
import io.cospace.service.embedding.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON body, read strictly from front to back: every fault is noted with the pointer of the value
 * that has it, and reading goes on, so that a caller is told of several at once. Numbers go
 * straight into arrays; no tree is built.
 *
 * <p>A method that reads a value begins at its first token and ends at its last. Not thread-safe.
 */
final class JsonReader implements AutoCloseable {

    /** Past so many faults the rest is not looked at. */
    private static final int MOST_VIOLATIONS = 16;

    private final JsonParser parser;
    private final byte[] body;
    private final int maxDepth;
    private final List<Violation> violations = new ArrayList<>();

    private JsonReader(JsonParser parser, byte[] body, int maxDepth) {
        this.parser = parser;
        this.body = body;
        this.maxDepth = maxDepth;
    }

    /**
     * A reader at the first token of {@code body}, which {@code parser} reads.
     *
     * @throws ProblemException when there is none
     */
    static JsonReader start(JsonParser parser, byte[] body, int maxDepth) {
        JsonReader reader = new JsonReader(parser, body, maxDepth);
        if (reader.next() == null) {
            throw new ProblemException(
                    Problem.InvalidRequest.at("", "the body is empty; must be JSON"));
        }
        return reader;
    }

    /** JSON pointer of the value at hand. */
    String pointer() {
        return parser.getParsingContext().pathAsPointer().toString();
    }

    boolean isString() {
        return parser.hasToken(JsonToken.VALUE_STRING);
    }

    boolean isObject() {
        return parser.hasToken(JsonToken.START_OBJECT);
    }

    boolean isArray() {
        return parser.hasToken(JsonToken.START_ARRAY);
    }

    boolean isNumber() {
        return parser.currentToken().isNumeric();
    }

    /** Absent, as {@code null} says of an optional field. */
    boolean isNull() {
        return parser.hasToken(JsonToken.VALUE_NULL);
    }

    /**
     * Reads an object; {@code field} is called at the value of every field with a known name.
     *
     * @return false, with a fault noted, when the value is none
     */
    boolean object(List<String> known, Consumer<String> field) {
        if (!isObject()) {
            wrongType("an object");
            return false;
        }
        while (next() == JsonToken.FIELD_NAME) {
            String name = text();
            next();
            if (known.contains(name)) {
                field.accept(name);
            } else {
                violate("is unknown; known are " + String.join(", ", known));
                skip();
            }
        }
        return true;
    }

    /** Reads an array; {@code element} is called at every value in it. */
    void array(Runnable element) {
        if (!isArray()) {
            wrongType("an array");
            return;
        }
        while (next() != JsonToken.END_ARRAY) {
            element.run();
        }
    }

    /** Reads a string; null, with a fault noted, when the value is none. */
    @Nullable String string() {
        if (!isString()) {
            wrongType("a string");
            return null;
        }
        return text();
    }

    /**
     * Reads a string of ASCII characters as bytes; null, with a fault noted, when the value is no
     * string. A long string, such as an image in Base64, is not decoded and copied on its way;
     * other characters come as {@code '?'}.
     */
    @Nullable ByteBuffer ascii() {
        if (!isString()) {
            wrongType("a string");
            return null;
        }
        int from = Math.toIntExact(offset()) + 1;
        int end = PlainAscii.end(body, from);
        if (end < body.length && body[end] == '"') {
            return ByteBuffer.wrap(body, from, end - from);
        }
        // Escapes, bytes beyond ASCII, and what JSON does not allow are for the parser.
        return ByteBuffer.wrap(text().getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads one of the words of {@code choices}; null, with a fault noted, for anything else. */
    <E> @Nullable E choice(Map<String, E> choices) {
        String word = string();
        if (word == null) {
            return null;
        }
        E choice = choices.get(word);
        if (choice == null) {
            violate(Names.unknown(word, choices));
        }
        return choice;
    }

    /** Reads a whole number of 32 bits; null, with a fault noted, for anything else. */
    @Nullable Integer integer() {
        if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            wrongType("a whole number");
            return null;
        }
        try {
            return parser.getIntValue();
        } catch (IOException _) {
            violate("is out of range; must be a whole number of 32 bits");
            return null;
        }
    }

    /** Reads a whole number of 64 bits; null, with a fault noted, for anything else. */
    @Nullable Long wholeNumber() {
        if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
            wrongType("a whole number");
            return null;
        }
        try {
            return parser.getLongValue();
        } catch (IOException _) {
            violate("is out of range; must be a whole number of 64 bits");
            return null;
        }
    }

    /**
     * Reads an array of numbers, of which {@code most} are kept; null, with a fault noted, when a
     * value is no number. Numbers that are no finite float come as NaN or infinite.
     */
    float @Nullable [] floats(int most) {
        float[] values = new float[Math.min(most, 512)];
        int count = 0;
        boolean faulty = false;
        while (next() != JsonToken.END_ARRAY) {
            JsonToken token = parser.currentToken();
            if (!token.isNumeric()) {
                wrongType("a number");
                faulty = true;
            } else if (count < most) {
                if (count == values.length) {
                    values = Arrays.copyOf(values, Math.min(most, 2 * count));
                }
                values[count++] = number();
            }
        }
        return faulty ? null : Arrays.copyOf(values, count);
    }

    boolean hasFaults() {
        return !violations.isEmpty();
    }

    /** Notes a fault of the value at hand. */
    void violate(String reason) {
        violate(pointer(), reason);
    }

    void violate(String pointer, String reason) {
        violations.add(new Violation(pointer, reason));
        if (violations.size() == MOST_VIOLATIONS) {
            throw new ProblemException(new Problem.InvalidRequest(violations));
        }
    }

    /** Passes over the value at hand. */
    void skip() {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /**
     * Ends the reading.
     *
     * @throws ProblemException when any fault was noted, or something follows the value
     */
    void finish() {
        if (next() != null) {
            violate("", "something follows the JSON value at byte " + offset());
        }
        if (!violations.isEmpty()) {
            throw new ProblemException(new Problem.InvalidRequest(violations));
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes that the value at hand is of another type, and passes over it. */
    void wrongType(String expected) {
        violate("must be %s, found %s".formatted(expected, kind()));
        skip();
    }

    private String kind() {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> throw new IllegalStateException("This is a bug: no value starts " + token);
        };
    }

    private String text() {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private float number() {
        try {
            return parser.getFloatValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private @Nullable JsonToken next() {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private long offset() {
        return parser.currentTokenLocation().getByteOffset();
    }

    private ProblemException malformed(IOException e) {
        List<Violation> all = new ArrayList<>(violations);
        all.add(new Violation(pointer(), JsonFault.of(e, parser, maxDepth)));
        return new ProblemException(new Problem.InvalidRequest(all));
    }
}
