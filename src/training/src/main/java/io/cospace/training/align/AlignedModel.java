package io.cospace.training.align;

import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * Two towers into one space, and the factor on their cosines.
 *
 * @param image any tower, also one over cached features
 * @param text an adapter over an embedder's rows, or a text tower over tokens
 * @param scale holds {@code logit_scale}, the factor's logarithm, and {@code logit_bias}
 */
public record AlignedModel(Tower image, Tower text, Parameters scale) {
    static final String LOGIT_SCALE = "logit_scale";
    static final String LOGIT_BIAS = "logit_bias";

    /**
     * With a scale of its own.
     *
     * @param factor on cosines to start from: 1/0.07 in CLIP, 10 with the sigmoid loss
     * @param bias of the sigmoid loss to start from: -10 in SigLIP
     */
    public static AlignedModel of(Tower image, Tower text, double factor, double bias) {
        return new AlignedModel(
                image,
                text,
                new Parameters()
                        .add(LOGIT_SCALE, Tensors.scalar(Math.log(factor)))
                        .add(LOGIT_BIAS, Tensors.scalar(bias)));
    }

    /** The tensors of a part. */
    public Parameters parameters(Part part) {
        return switch (part) {
            case IMAGE -> image.parameters();
            case TEXT -> text.parameters();
            case SCALE -> scale;
        };
    }

    Tower tower(Side side) {
        return side.part() == Part.IMAGE ? image : text;
    }

    /** Factor on cosines. */
    public double factor() {
        return Math.exp(scale.get(LOGIT_SCALE).item());
    }

    Tensor logScale() {
        return scale.get(LOGIT_SCALE);
    }

    Tensor bias() {
        return scale.get(LOGIT_BIAS);
    }
}
