package io.cospace.service.admission;

import io.cospace.service.batching.Priority;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The file of API keys: a line for each, {@code sha256 name [option=value ...]}; empty lines and
 * lines that begin with {@code #} are skipped.
 *
 * <pre>
 * # printf %s "$KEY" | sha256sum
 * 2c26b46b...266e7ae  search   concurrency=32 items_per_second=500 burst=2000
 * fcde2b2e...4b8b5dd  indexer  class=bulk expires=2027-06-30
 * </pre>
 *
 * Options: {@code class} (interactive, bulk: the best class it may use), {@code concurrency},
 * {@code items_per_second}, {@code burst} (default: two seconds of the rate), {@code expires} (UTC
 * date, the first day it is refused). A plain hash is enough for keys that are long and random;
 * such a key cannot be guessed from it.
 */
final class KeyFile {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private KeyFile() {}

    /**
     * Reads the lines of a file.
     *
     * @throws IllegalArgumentException naming the line and what is wrong with it; never showing
     *     more of the line than a field that is no hash
     */
    static List<ApiKey> parse(String text) {
        List<ApiKey> keys = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                ApiKey key = parseLine(line);
                if (!seen.add(key.name()) || !seen.add(key.sha256())) {
                    throw new IllegalArgumentException(
                            "%s, or its hash, is there twice".formatted(key.name()));
                }
                keys.add(key);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "API keys, line %d: %s".formatted(i + 1, e.getMessage()), e);
            }
        }
        return keys;
    }

    private static ApiKey parseLine(String line) {
        String[] fields = line.split("\\s+", -1);
        if (fields.length < 2) {
            throw new IllegalArgumentException("must be a hash, a name, and options");
        }
        String hash = fields[0].toLowerCase(Locale.ROOT);
        if (!HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException(
                    "the first field has %d characters; must be the 64 hexadecimal digits of a SHA-256"
                            .formatted(hash.length()));
        }
        if (!NAME.matcher(fields[1]).matches()) {
            throw new IllegalArgumentException(
                    "name '%s' must be 1 to 64 letters, digits, '.', '_', '-'"
                            .formatted(fields[1]));
        }
        Options options = new Options();
        for (int i = 2; i < fields.length; i++) {
            options.read(fields[i]);
        }
        return new ApiKey(fields[1], hash, options.cap, options.limits(), options.expires);
    }

    /** The options of one line while it is read. */
    private static final class Options {
        private final Set<String> seen = new HashSet<>();
        private Optional<Priority> cap = Optional.empty();
        private Optional<Instant> expires = Optional.empty();
        private int concurrency = KeyLimits.NONE.concurrency();
        private double itemsPerSecond = KeyLimits.NONE.itemsPerSecond();
        private Optional<Integer> burst = Optional.empty();

        void read(String option) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            if (!seen.add(name)) {
                throw new IllegalArgumentException("option %s is there twice".formatted(name));
            }
            try {
                set(name, value);
            } catch (NumberFormatException | DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "%s '%s' cannot be read".formatted(name, value), e);
            }
        }

        private void set(String name, String value) {
            switch (name) {
                case "class" -> cap = Optional.of(priority(value));
                case "concurrency" -> concurrency = Integer.parseInt(value);
                case "items_per_second" -> itemsPerSecond = Double.parseDouble(value);
                case "burst" -> burst = Optional.of(Integer.valueOf(value));
                case "expires" ->
                        expires =
                                Optional.of(
                                        LocalDate.parse(value)
                                                .atStartOfDay(ZoneOffset.UTC)
                                                .toInstant());
                default ->
                        throw new IllegalArgumentException(
                                "option '%s' is not one of class, concurrency, items_per_second,"
                                                .formatted(name)
                                        + " burst, expires");
            }
        }

        private static Priority priority(String value) {
            return switch (value) {
                case "interactive" -> Priority.INTERACTIVE;
                case "bulk" -> Priority.BULK;
                default ->
                        throw new IllegalArgumentException(
                                "class '%s' must be interactive or bulk".formatted(value));
            };
        }

        KeyLimits limits() {
            double twoSeconds = Math.max(1, Math.min(Integer.MAX_VALUE, 2 * itemsPerSecond));
            return new KeyLimits(concurrency, itemsPerSecond, burst.orElse((int) twoSeconds));
        }
    }
}
