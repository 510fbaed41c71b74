package io.cospace.encoder.text;

/**
 * What a text's vector is for; decides which of the bundle's prompts stands before the text (they
 * may be equal).
 */
public enum Task {
    /** A short question that searches. */
    QUERY,
    /** A text that is to be found: the default. */
    DOCUMENT
}
