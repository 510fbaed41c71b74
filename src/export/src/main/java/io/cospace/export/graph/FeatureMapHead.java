package io.cospace.export.graph;

/**
 * A head over standardised features, as {@code cospace train} trains it on an EfficientNet-Lite:
 * {@code n(p T + R (x - mean) / deviation + b)} with the probabilities {@code p = softmax(W f + c)}
 * of the classifier, whose features f are the first of x; or the linear map alone.
 *
 * @param weights holds {@code mean} and {@code deviation} [F]; {@code residual.weight} [D, F] and
 *     {@code residual.bias} beside {@code targets} [C, D], {@code classifier.weight} [C, d] and
 *     {@code classifier.bias}; or {@code projection.weight} and {@code projection.bias}
 */
record FeatureMapHead(Weights weights) implements Head {
    private static final String TARGETS = "targets";

    FeatureMapHead {
        int classes = weights.has(TARGETS) ? weights.rows(TARGETS) : 0;
        if (classes > 0 && weights.rows("classifier.weight") != classes) {
            throw new IllegalArgumentException(
                    "%d classes but %d targets"
                            .formatted(weights.rows("classifier.weight"), classes));
        }
    }

    private Linear map() {
        return Linear.of(Role.PROJECTION, weights.has(TARGETS) ? "residual" : "projection");
    }

    @Override
    public int features() {
        return map().in(weights);
    }

    @Override
    public int dimensions() {
        return map().out(weights);
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        Value centred = g.node("Sub").apply(pooled, target.single(weights.slice("mean")));
        Value standard = g.node("Div").apply(centred, target.single(weights.slice("deviation")));
        Value mapped = net.linear(map(), standard);
        return Ops.l2Normalise(
                g,
                weights.has(TARGETS)
                        ? g.node("Add").apply(placed(target, net, pooled), mapped)
                        : mapped);
    }

    private Value placed(Target target, Layers net, Value pooled) {
        GraphBuilder g = target.graph();
        Linear classifier = Linear.of(Role.PROJECTION, "classifier");
        long seen = classifier.in(weights);
        Value first = g.node("Slice").apply(pooled, g.integers(0), g.integers(seen), g.integers(1));
        Value probabilities = g.node("Softmax").set("axis", 1).apply(net.linear(classifier, first));
        return g.node("MatMul").apply(probabilities, target.single(weights.slice(TARGETS)));
    }
}
