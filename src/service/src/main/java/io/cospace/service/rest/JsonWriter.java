package io.cospace.service.rest;

import java.nio.charset.StandardCharsets;

/**
 * Writes one JSON text front to back. Floats are written as the shortest decimals that read back as
 * the same float, which is what {@link Float#toString} gives; half of the time of a general JSON
 * library goes into exactly that, so they are appended without a string for each.
 */
final class JsonWriter {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out;

    /** Whether a comma goes before the next value or name. */
    private boolean comma;

    /**
     * @param capacity expected length in characters
     */
    JsonWriter(int capacity) {
        this.out = new StringBuilder(capacity);
    }

    JsonWriter object() {
        return open('{');
    }

    JsonWriter endObject() {
        return close('}');
    }

    JsonWriter array() {
        return open('[');
    }

    JsonWriter endArray() {
        return close(']');
    }

    /** The name of the field whose value comes next. */
    JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(':');
        comma = false;
        return this;
    }

    JsonWriter value(String value) {
        separate();
        quote(value);
        return this;
    }

    JsonWriter value(long value) {
        separate();
        out.append(value);
        return this;
    }

    JsonWriter value(boolean value) {
        separate();
        out.append(value);
        return this;
    }

    /** The value {@code null}. */
    JsonWriter nothing() {
        separate();
        out.append("null");
        return this;
    }

    /** A finite number. */
    JsonWriter value(double value) {
        separate();
        out.append(value);
        return this;
    }

    /** A finite number, in its shortest form. */
    JsonWriter value(float value) {
        separate();
        out.append(value);
        return this;
    }

    /** An array of finite numbers, each in its shortest form. */
    JsonWriter value(float[] values) {
        separate();
        out.append('[');
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            out.append(values[i]);
        }
        out.append(']');
        return this;
    }

    /** What was written, in UTF-8. */
    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What was written, as a line. */
    byte[] line() {
        out.append('\n');
        return bytes();
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        comma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.append(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            out.append(',');
        }
        comma = true;
    }

    /** A surrogate without its other half, which UTF-8 cannot hold, is escaped (RFC 8259, 8.2). */
    private void quote(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLoneSurrogate(value, i)) {
                        escape(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c)
                && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }

    private void escape(char c) {
        out.append("\\u")
                .append(HEX[c >> 12 & 0xF])
                .append(HEX[c >> 8 & 0xF])
                .append(HEX[c >> 4 & 0xF])
                .append(HEX[c & 0xF]);
    }
}
