package io.cospace.service.admission;

import io.cospace.service.batching.Priority;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the request field {@code Priority} (RFC 9218, section 4). */
public final class Urgency {

    /** A member {@code u} with an integer, anywhere in the dictionary; the last one counts. */
    private static final Pattern MEMBER =
            Pattern.compile("(?:^|,)[ \\t]*u=([0-9])[ \\t]*(?:;[^,]*)?(?=,|$)");

    private static final int LEAST_URGENT_INTERACTIVE = 4;
    private static final int LEAST_URGENT = 7;

    private Urgency() {}

    /**
     * The class that the field asks for: urgency 0 .. 4 interactive, 5 .. 7 bulk.
     *
     * @return empty when it says nothing of urgency, or something that cannot be read: the RFC has
     *     such values ignored
     */
    public static Optional<Priority> parse(String value) {
        Matcher matcher = MEMBER.matcher(value.strip());
        Optional<Priority> found = Optional.empty();
        while (matcher.find()) {
            int urgency = Integer.parseInt(matcher.group(1));
            if (urgency <= LEAST_URGENT) {
                found =
                        Optional.of(
                                urgency <= LEAST_URGENT_INTERACTIVE
                                        ? Priority.INTERACTIVE
                                        : Priority.BULK);
            }
        }
        return found;
    }
}
