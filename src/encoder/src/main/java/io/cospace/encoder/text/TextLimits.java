package io.cospace.encoder.text;

import io.cospace.encoder.error.TextException;

/** What a text must be before it is tokenized. */
final class TextLimits {

    private TextLimits() {}

    /**
     * One pass over {@code text}, in order: not empty, not longer than {@code maxBytes} as UTF-8,
     * every surrogate paired.
     *
     * @throws TextException for the first of these that does not hold
     */
    static void check(String text, int maxBytes) {
        if (text.isEmpty()) {
            throw new TextException.Empty("text is empty");
        }
        long bytes = 0;
        int lone = -1;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (!Character.isSurrogate(unit)) {
                bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
            } else if (isPair(text, i)) {
                bytes += 4;
                i++;
            } else if (lone < 0) {
                lone = i;
            }
        }
        if (bytes > maxBytes) {
            throw new TextException.TooLong(
                    "text has " + bytes + " bytes as UTF-8; must be at most " + maxBytes);
        }
        if (lone >= 0) {
            throw new TextException.Malformed(
                    "text has a lone surrogate U+%04X at index %d"
                            .formatted((int) text.charAt(lone), lone));
        }
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length()
                && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }
}
