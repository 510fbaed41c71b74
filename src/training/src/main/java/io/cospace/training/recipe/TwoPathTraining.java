package io.cospace.training.recipe;

import io.cospace.encoder.image.Pixels;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.metrics.RetrievalScores;
import io.cospace.export.recipe.TeacherIngredients;
import io.cospace.export.recipe.TeacherIngredients.Space;
import io.cospace.training.align.AlignedModel;
import io.cospace.training.align.Batch;
import io.cospace.training.align.Batches;
import io.cospace.training.align.Checkpoints;
import io.cospace.training.align.Progress;
import io.cospace.training.align.Side;
import io.cospace.training.align.Stage;
import io.cospace.training.align.Trainer;
import io.cospace.training.align.TwoPathRecipe;
import io.cospace.training.align.TwoPathWeights;
import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Tensors;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Trains the default model's two paths from its ingredients: minutes, once vectors are kept. */
public final class TwoPathTraining {
    /** White after {@code (v - 127) / 128}. */
    private static final float WHITE = 1;

    private static final double LEAST_DEVIATION = .001;
    private static final double LEAST_GRID_DEVIATION = .01;

    private final TeacherIngredients ingredients;
    private final TwoPathRecipe recipe;
    private final List<Pair> training;
    private final PairSampler pairs;
    private final RowSampler rows;
    private final Map<String, float[]> raw;
    private final Space space;
    private final float[][] features;
    private final float[][] changed;
    private final IdentityHashMap<Pair, float[]> measured = new IdentityHashMap<>();

    /**
     * Computes all vectors that training and measuring read, or takes those that were kept.
     *
     * @param recipe with its seed
     * @param copies whether half of the pictures are shown as changed copies
     */
    public TwoPathTraining(TeacherIngredients ingredients, TwoPathRecipe recipe, boolean copies) {
        this.ingredients = ingredients;
        this.recipe = recipe;
        training = ingredients.training();
        pairs = new PairSampler(training, ingredients.emoji(), recipe.seed());
        TextRows texts = TextRows.of(ingredients);
        Set<String> all = new LinkedHashSet<>(texts.texts());
        all.addAll(pairs.texts());
        raw = ingredients.texts(all);
        space = ingredients.fit(raw, TwoPathRecipe.DIMENSIONS);
        rows = new RowSampler(texts.rows(), raw, space, recipe.seed());
        features = features(training, i -> UnaryOperator.identity(), "as it is");
        changed =
                copies
                        ? features(training, i -> DrawingChange.of(i, WHITE), "changed 1")
                        : features;
        List<Pair> others =
                Stream.concat(ingredients.validation().stream(), ingredients.test().stream())
                        .toList();
        measured(training, features);
        measured(others, features(others, i -> UnaryOperator.identity(), "as it is"));
    }

    private void measured(List<Pair> of, float[][] seen) {
        for (int i = 0; i < seen.length; i++) {
            measured.put(of.get(i), seen[i]);
        }
    }

    private float[][] features(
            List<Pair> of, IntFunction<UnaryOperator<Pixels>> change, String name) {
        return ingredients
                .features(of.stream().map(Pair::image).toList(), change, name)
                .toArray(float[][]::new);
    }

    /** Both paths, trained. */
    public record Trained(AlignedModel classPath, AlignedModel freePath) {
        /** Their weights as a bundle has them. */
        public TwoPathWeights weights(Optional<float[]> rotation) {
            return new TwoPathWeights(classPath, freePath, rotation);
        }
    }

    /**
     * Runs the three stages, or what is left of them.
     *
     * @param checkpoints folder to save steps in, if any
     */
    public Trained train(Optional<Path> checkpoints, Progress progress) {
        Parameters start = classPath();
        TextProj adapter = recipe.adapter(ingredients.textFeatures(), TwoPathRecipe.DIMENSIONS);
        run(
                AlignedModel.of(new FeatureHead(start), adapter, 1 / .07, 0),
                recipe.inherit(),
                step ->
                        rows.fill(
                                new Batch(List.of()), Side.TEXT, TwoPathRecipe.INHERIT_ROWS, step),
                checkpoints,
                progress);
        AlignedModel close = TwoPathRecipe.path(start.copied(), adapter);
        run(close, recipe.classPath(), this::pairs, checkpoints, progress);
        AlignedModel free = TwoPathRecipe.path(freePath(start), adapter);
        run(free, recipe.freePath(), this::pairs, checkpoints, progress);
        return new Trained(close, free);
    }

    private Batch pairs(long step) {
        Batch batch = pairs.batch(step, TwoPathRecipe.ALIGN_ROWS, features, changed, raw);
        return rows.fill(batch, Side.REPLAY, TwoPathRecipe.ALIGN_ROWS, ~step);
    }

    private static void run(
            AlignedModel model,
            Stage stage,
            Batches batches,
            Optional<Path> checkpoints,
            Progress progress) {
        new Trainer(
                        model,
                        stage,
                        batches,
                        ProcessGroup.alone(),
                        checkpoints.map(folder -> new Checkpoints(folder, 100)))
                .run(progress);
    }

    /** Class targets and the frozen classifier. */
    private Parameters classPath() {
        List<float[]> classifier = ingredients.classifier();
        int classes = classifier.get(1).length;
        return new Parameters()
                .add("targets", Tensors.of(space.targets(), classes, TwoPathRecipe.DIMENSIONS))
                .add(
                        "classifier.weight",
                        Tensors.of(classifier.get(0), classes, ingredients.seen()))
                .add("classifier.bias", Tensors.of(classifier.get(1), classes));
    }

    private Parameters freePath(Parameters start) {
        int count = features[0].length;
        float[] mean = new float[count];
        float[] deviation = new float[count];
        for (int i = 0; i < count; i++) {
            double sum = 0;
            double squares = 0;
            for (float[] row : features) {
                sum += row[i];
                squares += (double) row[i] * row[i];
            }
            double middle = sum / features.length;
            double spread = Math.sqrt(Math.max(0, squares / features.length - middle * middle));
            mean[i] = (float) middle;
            deviation[i] =
                    (float)
                            (spread
                                    + (i < ingredients.seen()
                                            ? LEAST_DEVIATION
                                            : LEAST_GRID_DEVIATION));
        }
        return FeatureHead.withResidual(start, mean, deviation);
    }

    /** Where trained weights have all that was read. */
    TrainedPaths paths(Trained trained) {
        return new TrainedPaths(
                trained,
                pair -> Objects.requireNonNull(measured.get(pair)),
                text -> Objects.requireNonNull(raw.get(text)));
    }

    /** Retrieval on the validation or the test pairs, by group. */
    Map<String, RetrievalScores> scores(List<Pair> of, TrainedPaths paths) {
        return TeacherIngredients.scores(of, paths::imageVector, paths::textVector);
    }
}
