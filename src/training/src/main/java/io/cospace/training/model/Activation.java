package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;

/** What stands between the two layers of a feed-forward block. */
public enum Activation {
    /** {@code x sigmoid(1.702 x)}: OpenAI's weights and all tuned from them. */
    QUICK_GELU,
    /** Exact GELU. */
    GELU;

    Tensor apply(Tensor x) {
        return switch (this) {
            case QUICK_GELU -> Nn.quickGelu(x);
            case GELU -> Nn.gelu(x);
        };
    }
}
