package io.cospace.training.align;

import io.cospace.training.align.Losses.Form;
import io.cospace.training.align.Losses.Reduction;
import io.cospace.training.align.Side.Part;
import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The default model's recipe: one adapter inherits the teacher's text space, then two copies of it
 * are tuned apart, one on a path that stays close to the teacher (it knows photographs, which no
 * training pair shows), one on a path that is free to learn the pairs. A vector is both paths' unit
 * vectors side by side, weighted so that cosines are {@code share cos_class + (1 - share)
 * cos_free}.
 *
 * <p>The stages say how; what they read is for the data side: {@link Side#TEXT} with targets in the
 * first; {@link Side#IMAGE} (features), {@link Side#TEXT}, {@link Side#REPLAY} with targets (rows
 * of the first stage) and caption numbers in the others.
 *
 * @param seed of all random numbers
 * @param inheritSteps steps of 384 rows in the first stage: 300 cost 1 to 2 points, 2500 gave no
 *     more
 * @param alignSteps steps of 256 pairs in each of the others
 */
public record TwoPathRecipe(long seed, long inheritSteps, long alignSteps) {
    /** Rows of a step of the first stage. */
    public static final int INHERIT_ROWS = 384;

    /** Pairs of a step of the other stages, and rows that are replayed with them. */
    public static final int ALIGN_ROWS = 256;

    /** The class path's share of the cosine: more helps photographs, less helps drawings. */
    public static final double CLASS_SHARE = .55;

    /** Dimensions of each path. */
    public static final int DIMENSIONS = 256;

    private static final double DROPOUT = .1;
    private static final double STRUCTURE = 10;
    private static final double CLOSE = 3;
    private static final int COMPARED = 256;

    /** The recipe as it was measured. */
    public static TwoPathRecipe of(long seed) {
        return new TwoPathRecipe(seed, 1200, 300);
    }

    /**
     * A new adapter of one block of expansion 2.
     *
     * @param features length of the embedder's rows
     * @param dimensions of the teacher's space, {@link #DIMENSIONS} but in tests
     */
    public TextProj adapter(int features, int dimensions) {
        Torch.seed(seed);
        return new TextProj(
                TextProj.random(new TextProj.Sizes(features, dimensions, 1, 2)), true, DROPOUT);
    }

    /** Text only: the adapter learns where the teacher has each text. */
    public Stage inherit() {
        return new Stage(
                "inherit",
                Map.of(Part.TEXT, 2e-3),
                replay(Side.TEXT, 1),
                new Stage.Teaching.Given(),
                settings(inheritSteps).noise(.03, seed));
    }

    /** Pairs, kept close to the teacher: of images by self-distillation, of texts by replay. */
    public Stage classPath() {
        List<Term> terms = new ArrayList<>();
        terms.add(new Term.Contrast(Term.Agreement.INFO_NCE, 1));
        terms.add(new Term.Instance(Side.IMAGE, CLOSE, Reduction.MEAN));
        terms.add(new Term.Structure(Side.IMAGE, CLOSE, Reduction.MEAN, Form.RELEASED, 0));
        terms.addAll(replay(Side.REPLAY, CLOSE));
        return align("class-path", terms, new Stage.Teaching.Copy(1));
    }

    /** Pairs, with the replay of texts only. */
    public Stage freePath() {
        List<Term> terms = new ArrayList<>();
        terms.add(new Term.Contrast(Term.Agreement.INFO_NCE, 1));
        terms.addAll(replay(Side.REPLAY, CLOSE));
        return align("free-path", terms, new Stage.Teaching.Given());
    }

    /**
     * A path's model before its stage: the image side stands at the teacher's, the text side too.
     */
    public static AlignedModel path(Parameters image, TextProj inherited) {
        return AlignedModel.of(
                new FeatureHead(image),
                inherited.over(inherited.parameters().copied()),
                1 / .07,
                0);
    }

    /** Both paths' vectors side by side, [n, 2 D], of unit length as its halves are. */
    public static Tensor joined(Tensor classPath, Tensor freePath) {
        return Tensors.concat(
                1,
                classPath.unit().times(Math.sqrt(CLASS_SHARE)),
                freePath.unit().times(Math.sqrt(1 - CLASS_SHARE)));
    }

    /** What a record of a run says of it, by name. */
    public Map<String, Object> settings() {
        return Map.of(
                "inherit_steps", inheritSteps,
                "inherit_rows", INHERIT_ROWS,
                "align_steps", alignSteps,
                "align_rows", ALIGN_ROWS,
                "class_share", CLASS_SHARE,
                "dimensions_of_a_path", DIMENSIONS,
                "close", CLOSE,
                "structure", STRUCTURE,
                "dropout", DROPOUT);
    }

    private static List<Term> replay(Side side, double weight) {
        return List.of(
                new Term.Instance(side, weight, Reduction.MEAN),
                new Term.Structure(
                        side, weight * STRUCTURE, Reduction.MEAN, Form.RELEASED, COMPARED));
    }

    private Stage align(String name, List<Term> terms, Stage.Teaching teaching) {
        return new Stage(
                name,
                Map.of(Part.IMAGE, 5e-4, Part.TEXT, 5e-4, Part.SCALE, 1e-3),
                terms,
                teaching,
                settings(alignSteps).limits(5, 50).noise(0, seed + 1));
    }

    /** 3 % warm-up; the second beta of .99 suits stages of some hundred steps. */
    private static Stage.Optimiser settings(long steps) {
        return Stage.Optimiser.of(steps, steps * 3 / 100).betas(.9, .99, 1e-8).decay(.05, 1);
    }
}
