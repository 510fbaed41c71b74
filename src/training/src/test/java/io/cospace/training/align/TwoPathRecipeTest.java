package io.cospace.training.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The default recipe on a small made-up world: 6 classes, 32 pairs, 24-dimensional texts. */
final class TwoPathRecipeTest {
    private static final int PAIRS = 32;
    private static final int TEXT = 24;
    private static final int SPACE = 8;
    private static final int CLASSES = 6;
    private static final int SEEN = 10;
    private static final int FEATURES = 16;

    private final TwoPathRecipe recipe = new TwoPathRecipe(5, 60, 60);
    private Tensor texts = Tensors.scalar(0);
    private Tensor targets = Tensors.scalar(0);
    private Tensor features = Tensors.scalar(0);
    private Parameters classPath = new Parameters();

    @BeforeEach
    void makeWorld() {
        Torch.seed(1);
        texts = Tensors.normal(PAIRS, TEXT);
        targets = texts.matmul(Tensors.normal(TEXT, SPACE)).unit();
        features = Tensors.normal(PAIRS, FEATURES);
        classPath =
                new Parameters()
                        .add("targets", Tensors.normal(CLASSES, SPACE).unit())
                        .add("classifier.weight", Tensors.normal(CLASSES, SEEN))
                        .add("classifier.bias", Tensors.normal(CLASSES));
    }

    @Test
    void the_adapter_inherits_and_both_paths_learn_in_their_own_way() {
        TextProj adapter = recipe.adapter(TEXT, SPACE);
        AlignedModel first = AlignedModel.of(new FeatureHead(classPath), adapter, 1 / .07, 0);
        List<StepReport> inherited = run(first, recipe.inherit(), this::captions);
        assertThat(inherited.getLast().loss()).isLessThan(.5 * inherited.getFirst().loss());

        AlignedModel close = TwoPathRecipe.path(classPath.copied(), adapter);
        AlignedModel free =
                TwoPathRecipe.path(
                        FeatureHead.withResidual(classPath, new float[FEATURES], ones(FEATURES)),
                        adapter);
        float[] start = close.image().forward(features, false).unit().toFloats();
        assertThat(free.image().forward(features, false).unit().toFloats()).isEqualTo(start);

        List<StepReport> closeSteps = run(close, recipe.classPath(), this::pairs);
        List<StepReport> freeSteps = run(free, recipe.freePath(), this::pairs);
        assertThat(closeSteps.getFirst().parts().get("instance.image")).isEqualTo(0);
        assertThat(freeSteps.getLast().parts().get("info_nce"))
                .isLessThan(closeSteps.getLast().parts().get("info_nce"));
        assertThat(distance(close, start)).isLessThan(.5 * distance(free, start));
        assertThat(close.image().parameters().get("classifier.weight").toFloats())
                .isEqualTo(classPath.get("classifier.weight").toFloats());
        // The paths' adapters are copies: neither stage moved the other's or the first one.
        assertThat(close.text().parameters().get("text.text_adaptor.2.bias").toFloats())
                .isNotEqualTo(free.text().parameters().get("text.text_adaptor.2.bias").toFloats())
                .isNotEqualTo(adapter.parameters().get("text.text_adaptor.2.bias").toFloats());
    }

    @Test
    void joined_vectors_weigh_the_cosines_of_the_paths() {
        Tensor a = Tensors.normal(2, SPACE).unit();
        Tensor b = Tensors.normal(2, SPACE).unit();
        float[] joined = TwoPathRecipe.joined(a, b).toFloats();
        double cosine = 0;
        double length = 0;
        for (int i = 0; i < 2 * SPACE; i++) {
            cosine += joined[i] * joined[2 * SPACE + i];
            length += joined[i] * joined[i];
        }
        assertThat(length).isCloseTo(1, within(1e-6));
        double expected =
                .55 * a.select(0, 0).times(a.select(0, 1)).sum().item()
                        + .45 * b.select(0, 0).times(b.select(0, 1)).sum().item();
        assertThat(cosine).isCloseTo(expected, within(1e-6));
    }

    @Test
    void the_recipe_says_what_the_document_says() {
        TwoPathRecipe measured = TwoPathRecipe.of(11);
        assertThat(measured.inherit().optimiser().steps()).isEqualTo(1200);
        assertThat(measured.inherit().optimiser().warmUp()).isEqualTo(36);
        assertThat(measured.classPath().optimiser().steps()).isEqualTo(300);
        assertThat(measured.classPath().optimiser().scaleLimit()).isEqualTo(50);
        assertThat(measured.classPath().terms()).hasSize(5);
        assertThat(measured.freePath().terms()).hasSize(3);
    }

    private static List<StepReport> run(AlignedModel model, Stage stage, Batches batches) {
        List<StepReport> reports = new ArrayList<>();
        new Trainer(model, stage, batches, ProcessGroup.alone(), Optional.empty())
                .run(reports::add);
        return reports;
    }

    private Batch captions(long step) {
        return new Batch(keys())
                .input(Side.TEXT, GoldenRun.floats(texts))
                .target(Side.TEXT, GoldenRun.floats(targets));
    }

    private Batch pairs(long step) {
        // The last two pairs share a caption.
        long[] captions =
                IntStream.range(0, PAIRS).mapToLong(i -> Math.min(i, PAIRS - 2)).toArray();
        return new Batch(keys())
                .input(Side.IMAGE, GoldenRun.floats(features))
                .input(Side.TEXT, GoldenRun.floats(texts))
                .input(Side.REPLAY, GoldenRun.floats(texts))
                .target(Side.REPLAY, GoldenRun.floats(targets))
                .captions(captions);
    }

    private static List<String> keys() {
        return IntStream.range(0, PAIRS).mapToObj(String::valueOf).toList();
    }

    private double distance(AlignedModel model, float[] start) {
        float[] now = model.image().forward(features, false).unit().toFloats();
        double sum = 0;
        for (int i = 0; i < now.length; i++) {
            sum += Math.pow(now[i] - start[i], 2);
        }
        return sum;
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }
}
