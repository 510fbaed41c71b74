package io.cospace.training.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;

/**
 * What changes a tensor's own numbers, for optimisers and averages. Not to be used where gradients
 * are recorded: see {@link Torch#noGradient}. Each returns the tensor itself.
 */
abstract sealed class InPlace permits Tensor {
    abstract org.bytedeco.pytorch.Tensor raw();

    private Tensor self() {
        return (Tensor) this;
    }

    public Tensor copyInPlace(Tensor other) {
        raw().copy_(other.raw());
        return self();
    }

    public Tensor zero() {
        raw().zero_();
        return self();
    }

    public Tensor timesInPlace(double number) {
        raw().mul_(new Scalar(number));
        return self();
    }

    public Tensor plusInPlace(double number) {
        raw().add_(new Scalar(number));
        return self();
    }

    /** Adds {@code factor * other}. */
    public Tensor plusInPlace(Tensor other, double factor) {
        raw().add_(other.raw(), new Scalar(factor));
        return self();
    }

    /** Moves towards the other by a share of the way. */
    public Tensor towardsInPlace(Tensor other, double share) {
        raw().lerp_(other.raw(), new Scalar(share));
        return self();
    }

    /** Adds {@code factor * a * b}. */
    public Tensor plusProductInPlace(Tensor a, Tensor b, double factor) {
        raw().addcmul_(a.raw(), b.raw(), new Scalar(factor));
        return self();
    }

    /** Adds {@code factor * a / b}. */
    public Tensor plusQuotientInPlace(Tensor a, Tensor b, double factor) {
        raw().addcdiv_(a.raw(), b.raw(), new Scalar(factor));
        return self();
    }

    public Tensor clampInPlace(double least, double most) {
        raw().clamp_(new ScalarOptional(new Scalar(least)), new ScalarOptional(new Scalar(most)));
        return self();
    }
}
