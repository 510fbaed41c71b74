package io.cospace.training.job;

import io.cospace.evaluate.EncodedPairs;
import io.cospace.evaluate.Figures;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.training.align.AlignedModel;
import io.cospace.training.align.Batch;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Vectors and figures of a trained recipe on some samples: stage {@code evaluate}. */
final class Measured {
    private static final int TEXTS = 512;

    private Measured() {}

    /** The samples' vectors and those of their captions. */
    static EncodedPairs encode(
            JobData data, List<Sample> samples, String group, RecipeRun.Trained trained) {
        List<float[]> images =
                joined(
                        samples,
                        data.images().piece(),
                        data.images()::plain,
                        trained,
                        AlignedModel::image);
        List<Caption> captions =
                samples.stream()
                        .flatMap(s -> JobData.captions(s, data.texts()).stream())
                        .distinct()
                        .toList();
        List<float[]> texts =
                joined(
                        captions,
                        TEXTS,
                        some ->
                                JobBatches.matrix(
                                        some.stream()
                                                .map(c -> data.text().vector(c.text()))
                                                .toArray(float[][]::new)),
                        trained,
                        AlignedModel::text);
        Map<Caption, float[]> byCaption = new HashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            byCaption.put(captions.get(i), texts.get(i));
        }
        List<EncodedPairs.Item> items = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            items.add(
                    new EncodedPairs.Item(
                            sample.key(),
                            sample.text("emoji").isPresent()
                                    ? "emoji"
                                    : sample.text(group).orElse("all"),
                            JobData.captions(sample, data.texts()),
                            "",
                            images.get(i)));
        }
        return EncodedPairs.join(items, byCaption, new SkippedSamples());
    }

    /** Figures by group and language. */
    static List<Figures> figures(EncodedPairs pairs) {
        return pairs.figures(pairs.imageVectors().dimensions());
    }

    /** Unit vectors of some things, a piece of them at a time, all paths side by side. */
    private static <T> List<float[]> joined(
            List<T> of,
            int piece,
            Function<List<T>, Batch.Floats> rows,
            RecipeRun.Trained trained,
            Function<AlignedModel, Tower> side) {
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < of.size(); from += piece) {
            List<T> some = of.subList(from, Math.min(of.size(), from + piece));
            Batch.Floats read = rows.apply(some);
            try (Scope _ = Scope.open();
                    Torch.NoGradient _ = Torch.noGradient()) {
                Tensor input = Tensors.of(read.values(), read.shape());
                List<Tensor> parts = new ArrayList<>();
                for (int m = 0; m < trained.models().size(); m++) {
                    parts.add(
                            side.apply(trained.models().get(m))
                                    .forward(input, false)
                                    .unit()
                                    .times(Math.sqrt(trained.shares().get(m))));
                }
                float[] all = Tensors.concat(1, parts).toFloats();
                int length = all.length / some.size();
                for (int i = 0; i < some.size(); i++) {
                    vectors.add(Arrays.copyOfRange(all, i * length, (i + 1) * length));
                }
            }
        }
        return vectors;
    }
}
