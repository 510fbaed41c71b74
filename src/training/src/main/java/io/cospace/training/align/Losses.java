package io.cospace.training.align;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import org.jspecify.annotations.Nullable;

/**
 * The losses of the four recipes, over rows of unit length [b, D] unless said otherwise. Formulas:
 * CLIP and LIFT, {@code ClipLoss} of open_clip; SigLIP, Zhai et al. 2023, algorithm 1; ProCLIP,
 * both as printed and as released; LLM2CLIP's caption-contrastive loss, {@code HardNegativeNLLLoss}
 * of llm2vec.
 */
public final class Losses {
    private Losses() {}

    /** How terms are added up. */
    public enum Reduction {
        /**
         * As ProCLIP's code: a term's weight then grows with the batch (pairs: with its square).
         */
        SUM,
        /** Over rows, or over pairs of rows: the weight means the same for every batch. */
        MEAN
    }

    /** What the structure loss compares. */
    public enum Form {
        /** Distances, by smooth L1: ProCLIP's released code. */
        RELEASED,
        /** Squared distances, by the absolute difference: ProCLIP's paper. */
        PAPER
    }

    /**
     * Cross-entropy of each image among all texts and each text among all images, averaged.
     *
     * @param logScale logarithm of the factor on cosines
     * @param same [b, b], true where a text is no negative of an image for it is the same caption
     *     as the image's own; never on the diagonal; null if there are none
     */
    public static Tensor infoNce(
            Tensor image, Tensor text, Tensor logScale, @Nullable Tensor same) {
        Tensor logits = image.matmul(text.transpose(0, 1)).times(logScale.exp());
        if (same != null) {
            logits = logits.filled(same, Double.NEGATIVE_INFINITY);
        }
        Tensor own = Tensors.range(image.size(0)).besides(image);
        return Nn.crossEntropy(logits, own)
                .plus(Nn.crossEntropy(logits.transpose(0, 1), own))
                .times(.5);
    }

    /**
     * Each pair by itself: {@code -log sigmoid(+-(s cos + bias))}, summed over pairs, over b.
     *
     * @param same as above: pairs that are neither positives nor negatives
     */
    public static Tensor sigmoid(
            Tensor image, Tensor text, Tensor logScale, Tensor bias, @Nullable Tensor same) {
        Tensor logits = image.matmul(text.transpose(0, 1)).times(logScale.exp()).plus(bias);
        int n = Math.toIntExact(image.size(0));
        double[] signs = new double[n * n];
        java.util.Arrays.fill(signs, -1);
        for (int i = 0; i < n; i++) {
            signs[i * n + i] = 1;
        }
        Tensor sign = Tensors.of(signs, n, n).to(logits.kind()).besides(logits);
        Tensor terms = Nn.logSigmoid(logits.times(sign));
        if (same != null) {
            terms = terms.filled(same, 0);
        }
        return terms.sum().over(-n);
    }

    /** Mean of {@code 1 - cos} over matching rows: LIFT's loss without negatives. */
    public static Tensor cosine(Tensor image, Tensor text) {
        return image.times(text).sum(1, false).mean().negated().plus(1);
    }

    /** {@code |student - teacher|^2} of matching rows. */
    public static Tensor instance(Tensor student, Tensor teacher, Reduction reduction) {
        Tensor sum = student.minus(teacher).square().sum();
        return reduction == Reduction.SUM ? sum : sum.over((double) student.size(0));
    }

    /** How far the student's distances between rows are from the teacher's; 0 for a single row. */
    public static Tensor structure(Tensor student, Tensor teacher, Reduction reduction, Form form) {
        long rows = student.size(0);
        long pairs = rows * (rows - 1) / 2;
        if (pairs == 0) {
            return student.sum().times(0);
        }
        Tensor own = Nn.pairDistances(student);
        Tensor given = Nn.pairDistances(teacher);
        Tensor sum =
                switch (form) {
                    case RELEASED -> Nn.smoothL1Sum(own, given);
                    case PAPER -> own.square().minus(given.square()).abs().sum();
                };
        return reduction == Reduction.SUM ? sum : sum.over((double) pairs);
    }

    /**
     * Each query among all positives and all hard negatives, its own positive being right.
     *
     * @param scale on cosines; LLM2CLIP has 50
     */
    public static Tensor captionContrastive(
            Tensor queries, Tensor positives, Tensor negatives, double scale) {
        Tensor documents = Tensors.concat(0, positives, negatives);
        Tensor scores = queries.matmul(documents.transpose(0, 1)).times(scale);
        return Nn.crossEntropy(scores, Tensors.range(queries.size(0)).besides(queries));
    }
}
