package io.cospace.export.graph;

/**
 * A linear layer {@code y = s x W^T + s' b} by the names of its tensors.
 *
 * @param role what it does in its network
 * @param weight name of W, stored [out, in]; all dimensions but the first count as the input
 * @param transposed whether W is stored [in, out] instead, as CLIP's projections are
 * @param bias name of b [out]; empty if there is none
 * @param weightScale s, folded into whatever is stored or computed once at load
 * @param biasScale s', likewise
 * @param zeroPoint what stands for 0 when the input is quantised to 0..255: 128 for inputs that are
 *     as wide below zero as above it, less for inputs that hardly go below
 */
record Linear(
        Role role,
        String weight,
        boolean transposed,
        String bias,
        float weightScale,
        float biasScale,
        int zeroPoint) {
    private static final int SYMMETRIC = 128;

    /**
     * The value that stands for 0 behind GELU and its kin, which never fall below -0.28 (QuickGELU
     * over inputs scaled by 1.702) but rise to several units: nearly one bit is gained.
     */
    private static final int AFTER_GELU = 16;

    /** A layer whose tensors are {@code name.weight} and {@code name.bias}. */
    static Linear of(Role role, String name) {
        return new Linear(role, name + ".weight", false, name + ".bias", 1f, 1f, SYMMETRIC);
    }

    /** A layer whose only tensor is {@code name}, stored [in, out]. */
    static Linear transposed(Role role, String name) {
        return new Linear(role, name, true, "", 1f, 1f, SYMMETRIC);
    }

    Linear withoutBias() {
        return new Linear(role, weight, transposed, "", weightScale, biasScale, zeroPoint);
    }

    /** This layer with a factor on its matrix and another on its bias. */
    Linear scaled(float matrix, float vector) {
        return new Linear(
                role,
                weight,
                transposed,
                bias,
                weightScale * matrix,
                biasScale * vector,
                zeroPoint);
    }

    Linear afterGelu() {
        return new Linear(role, weight, transposed, bias, weightScale, biasScale, AFTER_GELU);
    }

    boolean hasBias() {
        return !bias.isEmpty();
    }

    /** Size of the output. */
    int out(Weights weights) {
        return transposed ? weights.columns(weight) : weights.rows(weight);
    }

    /** Size of the input. */
    int in(Weights weights) {
        return transposed ? weights.rows(weight) : weights.columns(weight);
    }

    /** W, row-major [out, in], without its scale. */
    float[] matrix(Weights weights) {
        float[] stored = weights.floats(weight);
        if (!transposed) {
            return stored;
        }
        int out = out(weights);
        int in = in(weights);
        float[] matrix = new float[stored.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                matrix[o * in + i] = stored[i * out + o];
            }
        }
        return matrix;
    }
}
