package io.cospace.export.graph;

/**
 * A tower's own projection: {@code n(P x + b)}.
 *
 * @param weights holds {@code projection.weight} [D, d] and perhaps {@code projection.bias} [D], or
 *     {@code projection} stored [d, D]
 */
record ProjectionHead(Weights weights) implements Head {
    private static final String NAME = "projection";

    @Override
    public int features() {
        return layer().in(weights);
    }

    @Override
    public int dimensions() {
        return layer().out(weights);
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        Value projected = new Layers(target, weights).linear(layer(), pooled);
        return Ops.l2Normalise(target.graph(), projected);
    }

    private Linear layer() {
        if (weights.has(NAME)) {
            return Linear.transposed(Role.PROJECTION, NAME);
        }
        Linear layer = Linear.of(Role.PROJECTION, NAME);
        return weights.has(layer.bias()) ? layer : layer.withoutBias();
    }
}
