package io.cospace.evaluate.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a comma-separated (RFC 4180) or tab-separated text. Quotes: in CSV a quoted field may
 * hold commas, line breaks and doubled quotes; in TSV a line is a row, and a field that is quoted
 * as a whole is unquoted, while a quote inside a field is only a character.
 */
final class DelimitedText {
    private static final int MAX_FIELD_CHARS = 1 << 20;

    private final BufferedReader in;
    private final char delimiter;
    private int line;

    DelimitedText(BufferedReader in, char delimiter) {
        this.in = in;
        this.delimiter = delimiter;
    }

    /** The number of the line that was read last, from 1. */
    int line() {
        return line;
    }

    /**
     * The next row that is not blank; null at the end.
     *
     * @throws MalformedException for a quote that is never closed
     */
    @Nullable List<String> next() throws IOException, MalformedException {
        String text;
        do {
            text = readLine();
            if (text == null) {
                return null;
            }
        } while (text.isBlank());
        return delimiter == '\t' ? tabbed(text) : quoted(text);
    }

    private @Nullable String readLine() throws IOException {
        String text = in.readLine();
        if (text != null && line++ == 0 && text.startsWith("\ufeff")) {
            return text.substring(1);
        }
        return text;
    }

    private static List<String> tabbed(String text) {
        return Arrays.stream(text.split("\t", -1)).map(DelimitedText::unquote).toList();
    }

    private static String unquote(String field) {
        if (field.length() < 2 || !field.startsWith("\"") || !field.endsWith("\"")) {
            return field;
        }
        String inner = field.substring(1, field.length() - 1);
        String plain = inner.replace("\"\"", "");
        return plain.contains("\"") ? field : inner.replace("\"\"", "\"");
    }

    private List<String> quoted(String first) throws IOException, MalformedException {
        int opened = line;
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        String text = first;
        boolean inQuotes = false;
        int at = 0;
        while (true) {
            if (at == text.length()) {
                if (!inQuotes) {
                    row.add(field.toString());
                    return row;
                }
                String more = readLine();
                if (more == null || field.length() > MAX_FIELD_CHARS) {
                    throw new MalformedException("line " + opened + ": a quote is never closed");
                }
                field.append('\n');
                text = more;
                at = 0;
                continue;
            }
            char c = text.charAt(at++);
            if (c == '"' && inQuotes && at < text.length() && text.charAt(at) == '"') {
                field.append(c);
                at++;
            } else if (c == '"' && (inQuotes || field.isEmpty())) {
                inQuotes = !inQuotes;
            } else if (c == delimiter && !inQuotes) {
                row.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
    }

    /** A text that is no table. */
    static final class MalformedException extends Exception {
        @Serial private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }
}
