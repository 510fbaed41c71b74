package io.cospace.training.align;

/** The groups of rows that a step makes vectors of. */
public enum Side {
    /** Images, through the image tower. */
    IMAGE(Part.IMAGE),
    /** The caption of each image, through the text tower. */
    TEXT(Part.TEXT),
    /** A second caption of each, or the positive of each in caption-contrastive training. */
    SECOND_TEXT(Part.TEXT),
    /** A hard negative of each, in caption-contrastive training. */
    NEGATIVE_TEXT(Part.TEXT),
    /** Texts without images whose place is known, replayed from the first stage. */
    REPLAY(Part.TEXT);

    private final Part part;

    /** What is trained. */
    public enum Part {
        IMAGE,
        TEXT,
        /** The logarithm of the factor on cosines, and the sigmoid loss' bias. */
        SCALE
    }

    Side(Part part) {
        this.part = part;
    }

    /** The tower that these rows go through. */
    public Part part() {
        return part;
    }
}
