package io.cospace.training.job;

import java.util.List;

/**
 * What a run does, see {@code defaults.yaml} for each value's meaning and range; whoever makes one
 * has checked them.
 */
public record RecipeSettings(
        Recipe recipe, long seed, Teacher teacher, Adapter adapter, Inherit inherit, Align align) {
    /** The same with another seed. */
    RecipeSettings seeded(long other) {
        return new RecipeSettings(recipe, other, teacher, adapter, inherit, align);
    }

    /** All that stage 1 depends on: two runs for which it prints alike have the same one. */
    String firstStage() {
        return "%d %s %s %s".formatted(seed, teacher, adapter, inherit);
    }

    /** The recipes of recipes.md section 7, on cached vectors, and the default model's. */
    public enum Recipe {
        /** Class path near the teacher and free path, each tuned for itself. */
        TWO_PATH,
        /** Stage 1, then contrastive tuning with self-distillation, in one path. */
        PROCLIP,
        /** Random adapter, contrastive tuning. */
        LLM2CLIP,
        /** Text vectors as they are, a head on the image side. */
        LIFT,
        /** Random linear projections on both sides. */
        CLIP
    }

    /** The teacher's space. */
    public record Teacher(double exponent, double floor, int dimensions) {}

    /** Shape of an adapter. */
    public record Adapter(int blocks, int expansion, double dropout) {}

    /** Optimisation of a stage. */
    public record Optimisation(
            int steps,
            int batch,
            double learningRate,
            double weightDecay,
            double beta1,
            double beta2,
            double warmup,
            double clip) {}

    /** How far apart pairs of vectors should be. */
    public enum Structure {
        /** Smooth L1 of the difference of distances, as released. */
        SMOOTH_L1,
        /** Absolute difference of squared distances, as published. */
        SQUARED
    }

    /** Stage 1. */
    public record Inherit(
            Optimisation optimisation,
            double noise,
            double instance,
            double structure,
            Structure form,
            int structureRows) {}

    /** What self-distillation holds on to. */
    public enum Guide {
        FIXED,
        EMA,
        NONE
    }

    /** Stage 2. */
    public record Align(
            Optimisation optimisation,
            double scaleLearningRate,
            double scaleLimit,
            boolean imageTuned,
            Guide guide,
            double ema,
            double instance,
            double structure,
            double replay,
            int replayRows,
            double classShare,
            Trunk trunk) {}

    /**
     * How an image tower on pixels is trained.
     *
     * @param learningRate highest one, of its last layers and the head on it; 0 for the stage's
     * @param layerDecay factor on it from one block to the one before
     * @param microBatch rows that go through a tower at once; 0 for all
     */
    public record Trunk(double learningRate, double layerDecay, int microBatch) {}

    /** Names of the recipes as files write them. */
    public static final List<String> RECIPES =
            List.of("two-path", "proclip", "llm2clip", "lift", "clip");
}
