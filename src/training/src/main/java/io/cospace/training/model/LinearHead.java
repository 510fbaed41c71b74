package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;

/**
 * A projection of features [n, d] in the names {@code projection.weight} and, if any, {@code
 * .bias}.
 */
public final class LinearHead implements Tower {
    private final Parameters parameters;

    public LinearHead(Parameters parameters) {
        this.parameters = parameters;
    }

    /** A new one from the process's random state. */
    public static Parameters random(int features, int dimensions) {
        Parameters made = new Parameters();
        TextProj.Initial.linear(made, "projection", features, dimensions);
        return made;
    }

    @Override
    public Tensor forward(Tensor features, boolean training) {
        return Nn.linear(
                features,
                parameters.get("projection.weight"),
                parameters.has("projection.bias") ? parameters.get("projection.bias") : null);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new LinearHead(other);
    }
}
