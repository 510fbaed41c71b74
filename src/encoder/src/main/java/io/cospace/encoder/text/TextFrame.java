package io.cospace.encoder.text;

/**
 * A text between what the model wants before and behind it, and the way back from there to the
 * caller's string. Indices are UTF-16.
 *
 * @param whole all of it as one string
 * @param textFrom where the text starts in {@code whole}
 * @param textTo where it ends
 * @param cut how much was cut from the start of the caller's string before framing
 */
record TextFrame(String whole, int textFrom, int textTo, int cut) {

    static TextFrame of(String text, Task task, TextFormat format) {
        TextFormat.Wrap wrap = format.wrap();
        String prompt = format.prompts().of(task);
        if (wrap == null) {
            return of(prompt, text, "", 0);
        }
        String body = wrap.strip() ? text.strip() : text;
        int cut = wrap.strip() ? text.length() - text.stripLeading().length() : 0;
        return of(wrap.prefix() + prompt, body, wrap.suffix(), cut);
    }

    private static TextFrame of(String head, String body, String tail, int cut) {
        return new TextFrame(head + body + tail, head.length(), head.length() + body.length(), cut);
    }

    /** Whether a token that ends at {@code end} holds any of the text, or stands behind it. */
    boolean reachesText(int end) {
        return end > textFrom;
    }

    /** Whether a token that starts at {@code start} stands behind the text. */
    boolean isBehindText(int start) {
        return start >= textTo;
    }

    /** The index in the caller's string; from outside the text, its nearest end. */
    int toCaller(int index) {
        return Math.clamp(index, textFrom, textTo) - textFrom + cut;
    }
}
