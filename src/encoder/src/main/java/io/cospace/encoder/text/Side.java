package io.cospace.encoder.text;

/** Which side of a text stays when it is cut to the length that the model reads. */
public enum Side {
    START,
    END
}
