package io.cospace.export.graph;

/**
 * LIFT's head on the image side: {@code n(W2 gelu(W1 x + b1) + b2)}.
 *
 * @param weights holds {@code head.up} [h, d] and {@code head.down} [D, h], each with weight and
 *     bias
 */
record MlpHead(Weights weights) implements Head {
    private static final Linear UP = Linear.of(Role.FEED_FORWARD_UP, "head.up");
    private static final Linear DOWN = Linear.of(Role.PROJECTION, "head.down").afterGelu();

    @Override
    public int features() {
        return UP.in(weights);
    }

    @Override
    public int dimensions() {
        return DOWN.out(weights);
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        Layers net = new Layers(target, weights);
        GraphBuilder g = target.graph();
        Value inner = net.activated(Activation.GELU, net.linear(UP, pooled));
        return Ops.l2Normalise(g, net.linear(DOWN, inner));
    }
}
