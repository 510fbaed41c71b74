package io.cospace.encoder;

/** Which tower of the model reads an input. */
public enum Modality {
    TEXT,
    IMAGE
}
