package io.cospace.export.graph;

/**
 * The adapter of LLM2CLIP and ProCLIP from an embedder's rows to CLIP's space ({@code TextProj}):
 * blocks {@code x += W2 gelu(W1 LayerNorm(x) + b1) + b2}, a LayerNorm, and a projection. The number
 * of blocks and all sizes are read from the tensors.
 *
 * @param weights holds for block i {@code blocks.i.}: {@code norm, up, down}; then {@code post} and
 *     {@code projection}
 * @param normaliseInput whether rows are brought to unit length first: true for models trained on
 *     cached vectors, false for LLM2CLIP's SigLIP 2
 */
record TextProjHead(Weights weights, boolean normaliseInput) implements Head {
    private static final float EPSILON = 1e-5f;
    private static final Linear PROJECTION = Linear.of(Role.PROJECTION, "projection");

    @Override
    public int features() {
        return PROJECTION.in(weights);
    }

    @Override
    public int dimensions() {
        return PROJECTION.out(weights);
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        Value x = normaliseInput ? Ops.l2Normalise(g, pooled) : pooled;
        Layers.Residual rows = new Layers.Residual(x, net.layerNorm(norm(0), EPSILON, x));
        for (int i = 0; i < blocks(); i++) {
            Linear up = Linear.of(Role.FEED_FORWARD_UP, "blocks." + i + ".up");
            Linear down = Linear.of(Role.FEED_FORWARD_DOWN, "blocks." + i + ".down");
            Value inner = net.activated(Activation.GELU, net.linear(up, rows.normed()));
            rows = net.residual(norm(i + 1), EPSILON, down.afterGelu(), inner, rows.sum());
        }
        return Ops.l2Normalise(g, net.linear(PROJECTION, rows.normed()));
    }

    private int blocks() {
        int count = 0;
        while (weights.has("blocks." + count + ".up.weight")) {
            count++;
        }
        return count;
    }

    /** The norm before block i, or the one behind the last block. */
    private String norm(int i) {
        return i < blocks() ? "blocks." + i + ".norm" : "post";
    }
}
