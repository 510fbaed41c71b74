package io.cospace.service.rest;

import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one line of a bulk call: an input with the caller's own {@code id}. */
final class LineInput {

    /** Longest id, in characters. */
    static final int LONGEST_ID = 256;

    private static final List<String> ID = List.of("id");

    /** What a caller calls an input: a string, or a whole number, which comes back as such. */
    record Id(String text, boolean isNumber) {

        void write(JsonWriter out) {
            out.name("id");
            if (isNumber) {
                out.value(Long.parseLong(text));
            } else {
                out.value(text);
            }
        }
    }

    private @Nullable Id id;

    /** The id of the line that is read, also when reading it failed; null: it has none. */
    @Nullable Id id() {
        return id;
    }

    /**
     * The input of a line.
     *
     * @throws io.cospace.service.embedding.ProblemException when it is none
     */
    Input read(JsonReaders json, byte[] line) {
        try (JsonReader in = json.read(line)) {
            Input input = new InputReader(in, false).one(ID, _ -> readId(in));
            in.finish();
            return input == null
                    ? new Input.Unreadable(null, Problem.InvalidRequest.at("", "is no input"))
                    : input;
        }
    }

    private void readId(JsonReader in) {
        if (in.isNumber()) {
            Long number = in.wholeNumber();
            id = number == null ? null : new Id(number.toString(), true);
            return;
        }
        String text = in.string();
        if (text != null && text.length() > LONGEST_ID) {
            in.violate(
                    "has %d characters; must have at most %d".formatted(text.length(), LONGEST_ID));
        } else if (text != null) {
            id = new Id(text, false);
        }
    }
}
