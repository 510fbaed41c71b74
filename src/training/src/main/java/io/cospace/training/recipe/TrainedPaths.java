package io.cospace.training.recipe;

import io.cospace.evaluate.data.Pair;
import io.cospace.export.recipe.Rows;
import io.cospace.export.recipe.TrainedModel;
import io.cospace.training.align.TwoPathRecipe;
import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.Tower;
import io.cospace.training.recipe.TwoPathTraining.Trained;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Both trained paths over kept vectors; what was asked once is kept. Not thread-safe. */
final class TrainedPaths implements TrainedModel.Paths {
    private final Trained trained;
    private final Function<Pair, float[]> features;
    private final Function<String, float[]> raw;
    private final IdentityHashMap<Pair, float[]> images = new IdentityHashMap<>();
    private final IdentityHashMap<Pair, float[]> classes = new IdentityHashMap<>();
    private final Map<String, float[]> texts = new HashMap<>();

    /**
     * @param features of a pair's picture
     * @param raw vector of a text
     */
    TrainedPaths(Trained trained, Function<Pair, float[]> features, Function<String, float[]> raw) {
        this.trained = trained;
        this.features = features;
        this.raw = raw;
    }

    @Override
    public int dimensions() {
        return 2 * TwoPathRecipe.DIMENSIONS;
    }

    @Override
    public double share() {
        return TwoPathRecipe.CLASS_SHARE;
    }

    @Override
    public double[] image(Pair pair) {
        return Rows.unit(Rows.ofFloats(imageVector(pair)));
    }

    @Override
    public double[] text(String text) {
        return Rows.unit(Rows.ofFloats(textVector(text)));
    }

    float[] imageVector(Pair pair) {
        return images.computeIfAbsent(
                pair,
                key ->
                        joined(
                                trained.classPath().image(),
                                trained.freePath().image(),
                                features.apply(key)));
    }

    float[] textVector(String text) {
        return texts.computeIfAbsent(
                text,
                key ->
                        joined(
                                trained.classPath().text(),
                                trained.freePath().text(),
                                raw.apply(key)));
    }

    @Override
    public float[] probabilities(Pair pair) {
        return classes.computeIfAbsent(
                pair,
                key -> {
                    try (Scope _ = Scope.open();
                            Torch.NoGradient _ = Torch.noGradient()) {
                        return FeatureHead.probabilities(
                                        trained.classPath().image().parameters(),
                                        row(features.apply(key)))
                                .toFloats();
                    }
                });
    }

    @Override
    public void write(Path adapter, Path head, float[] rotation) {
        trained.weights(Optional.of(rotation)).writeAdapters(adapter);
        trained.weights(Optional.of(rotation)).writeHead(head);
    }

    private static float[] joined(Tower close, Tower free, float[] input) {
        try (Scope _ = Scope.open();
                Torch.NoGradient _ = Torch.noGradient()) {
            Tensor row = row(input);
            return TwoPathRecipe.joined(close.forward(row, false), free.forward(row, false))
                    .toFloats();
        }
    }

    private static Tensor row(float[] values) {
        return Tensors.of(values, 1, values.length);
    }
}
