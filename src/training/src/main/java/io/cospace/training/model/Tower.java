package io.cospace.training.model;

import io.cospace.training.torch.Tensor;

/**
 * A trainable function from inputs to vectors of the shared space, before they are brought to unit
 * length. Its state is its parameters only.
 */
public interface Tower {
    /**
     * Computes vectors.
     *
     * @param input [n, ..], as the class says
     * @param training whether dropout drops
     * @return [n, D]
     */
    Tensor forward(Tensor input, boolean training);

    /** All tensors, by the checkpoint's names. */
    Parameters parameters();

    /** The same tower over other tensors of the same names. */
    Tower over(Parameters parameters);

    /** Whether a tensor may be trained; statistics and frozen parts may not. */
    default boolean trainable(String name) {
        return true;
    }

    /** How many blocks it has, for layer-wise learning rates; 0 if it has no such order. */
    default int depth() {
        return 0;
    }
}
