package io.cospace.training.align;

import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a stage over the vectors of the whole batch.
 *
 * @param total weighted sum
 * @param parts before their weights
 */
record Objective(Tensor total, Map<String, Double> parts) {

    /** Vectors of the whole batch by side. */
    record Vectors(Map<Side, Tensor> students, Map<Side, Tensor> teachers, @Nullable Tensor same) {
        Tensor student(Side side) {
            return given(students, side);
        }

        Tensor teacher(Side side) {
            return given(teachers, side);
        }

        private static Tensor given(Map<Side, Tensor> map, Side side) {
            Tensor tensor = map.get(side);
            if (tensor == null) {
                throw new IllegalStateException("This is a bug: no vectors of " + side);
            }
            return tensor;
        }
    }

    static Objective of(List<Term> terms, Vectors vectors, AlignedModel model) {
        Tensor total = null;
        Map<String, Double> parts = new LinkedHashMap<>();
        for (Term term : terms) {
            Tensor value = value(term, vectors, model);
            parts.put(term.name(), value.item());
            Tensor weighted = term.weight() == 1 ? value : value.times(term.weight());
            total = total == null ? weighted : total.plus(weighted);
        }
        if (total == null) {
            throw new IllegalArgumentException("a stage without a loss");
        }
        return new Objective(total, parts);
    }

    private static Tensor value(Term term, Vectors vectors, AlignedModel model) {
        return switch (term) {
            case Term.Contrast contrast -> contrast(contrast.agreement(), vectors, model);
            case Term.Instance instance ->
                    Losses.instance(
                            vectors.student(instance.side()),
                            vectors.teacher(instance.side()),
                            instance.reduction());
            case Term.Structure structure ->
                    Losses.structure(
                            first(vectors.student(structure.side()), structure.rows()),
                            first(vectors.teacher(structure.side()), structure.rows()),
                            structure.reduction(),
                            structure.form());
            case Term.Captions captions ->
                    Losses.captionContrastive(
                            vectors.student(Side.TEXT),
                            vectors.student(Side.SECOND_TEXT),
                            vectors.student(Side.NEGATIVE_TEXT),
                            captions.scale());
        };
    }

    private static Tensor contrast(Term.Agreement agreement, Vectors vectors, AlignedModel model) {
        Tensor image = vectors.student(Side.IMAGE);
        Tensor text = vectors.student(Side.TEXT);
        return switch (agreement) {
            case INFO_NCE -> Losses.infoNce(image, text, model.logScale(), vectors.same());
            case SIGMOID ->
                    Losses.sigmoid(image, text, model.logScale(), model.bias(), vectors.same());
            case COSINE -> Losses.cosine(image, text);
        };
    }

    private static Tensor first(Tensor rows, int count) {
        return count == 0 || rows.size(0) <= count ? rows : rows.narrow(0, 0, count);
    }

    /** True where two rows have one caption, the diagonal left out; null if no two have. */
    static @Nullable Tensor same(long[] captions) {
        int n = captions.length;
        boolean[] same = new boolean[n * n];
        boolean any = false;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                same[i * n + j] = i != j && captions[i] == captions[j];
                any |= same[i * n + j];
            }
        }
        return any ? Tensors.of(same, n, n) : null;
    }
}
