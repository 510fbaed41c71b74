package io.cospace.training.align;

import io.cospace.training.align.Losses.Form;
import io.cospace.training.align.Losses.Reduction;
import java.util.Locale;
import java.util.Set;

/** One part of a stage's loss, with its weight. */
public sealed interface Term {
    /** Factor on the part. */
    double weight();

    /** What reports call it. */
    String name();

    /** Sides whose vectors it compares. */
    Set<Side> students();

    /** Sides whose teacher's vectors it needs. */
    Set<Side> teachers();

    /** Kinds of agreement between images and texts. */
    enum Agreement {
        INFO_NCE,
        SIGMOID,
        COSINE
    }

    /**
     * Images and their captions agree; captions with the same number are not held against each
     * other.
     */
    record Contrast(Agreement agreement, double weight) implements Term {
        @Override
        public String name() {
            return agreement.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Set<Side> students() {
            return Set.of(Side.IMAGE, Side.TEXT);
        }

        @Override
        public Set<Side> teachers() {
            return Set.of();
        }
    }

    /** Each row of a side is where the teacher has it. */
    record Instance(Side side, double weight, Reduction reduction) implements Term {
        @Override
        public String name() {
            return "instance." + side.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Set<Side> students() {
            return Set.of(side);
        }

        @Override
        public Set<Side> teachers() {
            return Set.of(side);
        }
    }

    /**
     * Rows of a side are as far from each other as the teacher's.
     *
     * @param rows how many of the whole batch are compared, from the first on; 0 for all
     */
    record Structure(Side side, double weight, Reduction reduction, Form form, int rows)
            implements Term {
        @Override
        public String name() {
            return "structure." + side.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Set<Side> students() {
            return Set.of(side);
        }

        @Override
        public Set<Side> teachers() {
            return Set.of(side);
        }
    }

    /** Captions find the other caption of their image, LLM2CLIP's first stage. */
    record Captions(double scale, double weight) implements Term {
        @Override
        public String name() {
            return "caption_contrastive";
        }

        @Override
        public Set<Side> students() {
            return Set.of(Side.TEXT, Side.SECOND_TEXT, Side.NEGATIVE_TEXT);
        }

        @Override
        public Set<Side> teachers() {
            return Set.of();
        }
    }
}
