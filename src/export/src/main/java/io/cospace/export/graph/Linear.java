package io.cospace.export.graph;

/**
 * A linear layer {@code y = scale * (x W^T + b)} by the names of its tensors.
 *
 * @param role what it does in its network
 * @param weight name of W, stored [out, in]
 * @param bias name of b [out]; empty if there is none
 * @param scale factor on both, folded into whatever is stored or computed once at load
 * @param zeroPoint what stands for 0 when the input is quantised to 0..255: 128 for inputs that are
 *     as wide below zero as above it, less for inputs that hardly go below
 */
record Linear(Role role, String weight, String bias, float scale, int zeroPoint) {
    private static final int SYMMETRIC = 128;

    /**
     * The value that stands for 0 behind GELU and its kin, which never fall below -0.28 (QuickGELU
     * over inputs scaled by 1.702) but rise to several units: nearly one bit is gained.
     */
    private static final int AFTER_GELU = 16;

    /** A layer whose tensors are {@code name.weight} and {@code name.bias}. */
    static Linear of(Role role, String name) {
        return new Linear(role, name + ".weight", name + ".bias", 1f, SYMMETRIC);
    }

    Linear withoutBias() {
        return new Linear(role, weight, "", scale, zeroPoint);
    }

    Linear scaled(float factor) {
        return new Linear(role, weight, bias, scale * factor, zeroPoint);
    }

    Linear afterGelu() {
        return new Linear(role, weight, bias, scale, AFTER_GELU);
    }

    boolean hasBias() {
        return !bias.isEmpty();
    }
}
