package io.cospace.training.align;

import io.cospace.training.align.Side.Part;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One stage of training: what is trained, on which losses, and how.
 *
 * @param name of the stage, part of its files' names
 * @param rates highest learning rate of each part that is trained; others stay as they are
 * @param terms of the loss
 * @param teaching where the teacher's image vectors come from
 * @param optimiser settings
 */
public record Stage(
        String name,
        Map<Part, Double> rates,
        List<Term> terms,
        Teaching teaching,
        Optimiser optimiser) {
    public Stage {
        // In the order of the parts, for a stage is told from another by how it prints.
        rates = Collections.unmodifiableMap(new TreeMap<>(rates));
        terms = List.copyOf(terms);
        if (terms.isEmpty() || rates.isEmpty()) {
            throw new IllegalArgumentException(
                    "stage %s has %d losses and trains %d parts; it needs one of each"
                            .formatted(name, terms.size(), rates.size()));
        }
    }

    /** Where the teacher's vectors of images come from. */
    public sealed interface Teaching {
        /** From the batch, or nowhere. */
        record Given() implements Teaching {}

        /**
         * From a copy of the image tower as it was, moved after it by a moving average.
         *
         * @param momentum what stays of the copy each step; 1 fixes it, as ProCLIP's code does
         */
        record Copy(double momentum) implements Teaching {
            public Copy {
                if (!(momentum >= 0 && momentum <= 1)) {
                    throw new IllegalArgumentException(
                            "momentum is " + momentum + "; it must be 0..1");
                }
            }
        }
    }

    /**
     * How the parameters move.
     *
     * @param steps of the stage
     * @param warmUp steps of rising learning rate, below steps
     * @param beta1 of AdamW
     * @param beta2 of AdamW
     * @param epsilon of AdamW
     * @param weightDecay of matrices; vectors, biases, class and position rows have none
     * @param clip longest gradient; infinity for any
     * @param layerDecay factor on the learning rate from one image block to the one before; 1 for
     *     none
     * @param scaleLimit largest factor on cosines
     * @param textNoise length of the random vector added to unit text rows; 0 for none
     * @param microBatch rows that go through a tower at once, the loss still being that of the
     *     whole batch; 0 for all
     * @param bf16 whether towers run in bfloat16 (for GPUs; slower on most CPUs)
     * @param seed of dropout and noise
     */
    public record Optimiser(
            long steps,
            long warmUp,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double clip,
            double layerDecay,
            double scaleLimit,
            double textNoise,
            int microBatch,
            boolean bf16,
            long seed) {
        public Optimiser {
            check(steps >= 1, "steps", steps, "at least 1");
            check(warmUp >= 0 && warmUp < steps, "warm-up", warmUp, "0 to below " + steps);
            check(weightDecay >= 0, "weight decay", weightDecay, "at least 0");
            check(clip > 0, "clip", clip, "above 0");
            check(
                    layerDecay > 0 && layerDecay <= 1,
                    "layer decay",
                    layerDecay,
                    "above 0, at most 1");
            check(scaleLimit >= 1, "scale limit", scaleLimit, "at least 1");
            check(textNoise >= 0, "text noise", textNoise, "at least 0");
            check(microBatch >= 0, "micro batch", microBatch, "at least 0");
        }

        /** AdamW with betas .9 and .98, epsilon 1e-6, decay .2; no clipping, no layer decay. */
        public static Optimiser of(long steps, long warmUp) {
            return new Optimiser(
                    steps,
                    warmUp,
                    .9,
                    .98,
                    1e-6,
                    .2,
                    Double.POSITIVE_INFINITY,
                    1,
                    100,
                    0,
                    0,
                    false,
                    0);
        }

        public Optimiser betas(double first, double second, double eps) {
            return new Optimiser(
                    steps,
                    warmUp,
                    first,
                    second,
                    eps,
                    weightDecay,
                    clip,
                    layerDecay,
                    scaleLimit,
                    textNoise,
                    microBatch,
                    bf16,
                    seed);
        }

        public Optimiser decay(double weights, double layers) {
            return new Optimiser(
                    steps,
                    warmUp,
                    beta1,
                    beta2,
                    epsilon,
                    weights,
                    clip,
                    layers,
                    scaleLimit,
                    textNoise,
                    microBatch,
                    bf16,
                    seed);
        }

        public Optimiser limits(double longestGradient, double largestScale) {
            return new Optimiser(
                    steps,
                    warmUp,
                    beta1,
                    beta2,
                    epsilon,
                    weightDecay,
                    longestGradient,
                    layerDecay,
                    largestScale,
                    textNoise,
                    microBatch,
                    bf16,
                    seed);
        }

        public Optimiser noise(double length, long start) {
            return new Optimiser(
                    steps,
                    warmUp,
                    beta1,
                    beta2,
                    epsilon,
                    weightDecay,
                    clip,
                    layerDecay,
                    scaleLimit,
                    length,
                    microBatch,
                    bf16,
                    start);
        }

        public Optimiser memory(int rows, boolean halfPrecision) {
            return new Optimiser(
                    steps,
                    warmUp,
                    beta1,
                    beta2,
                    epsilon,
                    weightDecay,
                    clip,
                    layerDecay,
                    scaleLimit,
                    textNoise,
                    rows,
                    halfPrecision,
                    seed);
        }

        private static void check(boolean right, String what, Object value, String range) {
            if (!right) {
                throw new IllegalArgumentException(what + " is " + value + "; it must be " + range);
            }
        }
    }

    /** Sides that go through a tower. */
    Set<Side> students() {
        Set<Side> sides = EnumSet.noneOf(Side.class);
        terms.forEach(term -> sides.addAll(term.students()));
        return sides;
    }

    /** Sides whose teacher's vectors are needed. */
    Set<Side> teachers() {
        Set<Side> sides = EnumSet.noneOf(Side.class);
        terms.forEach(term -> sides.addAll(term.teachers()));
        return sides;
    }
}
