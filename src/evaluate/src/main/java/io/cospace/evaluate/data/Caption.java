package io.cospace.evaluate.data;

/**
 * A text that describes an image.
 *
 * @param text the caption, stripped, never empty
 * @param language its BCP 47 tag, such as {@code de} or {@code zh-Hant}, or {@link #UNDETERMINED}
 */
public record Caption(String text, String language) {
    /** The BCP 47 tag of a text whose language the data do not say. */
    public static final String UNDETERMINED = "und";

    /** Strips both parts; an empty text is an error, an empty language is undetermined. */
    public Caption {
        text = text.strip();
        language = language.isBlank() ? UNDETERMINED : language.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a caption is empty");
        }
    }

    /** A caption in a language that the data do not say. */
    public static Caption of(String text) {
        return new Caption(text, UNDETERMINED);
    }
}
