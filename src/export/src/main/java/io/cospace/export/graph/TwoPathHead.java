package io.cospace.export.graph;

import java.util.Optional;

/**
 * The image side of the default model: {@code n(p T_c)} and {@code n(p T_f + R x + b)} side by
 * side, as {@link PairedHead} puts them, with the probabilities {@code p = softmax(W f + b)} of an
 * ImageNet classifier. Features x [n, F] start with those that the classifier reads.
 *
 * @param classifier holds {@code classifier.weight} [C, d] and {@code classifier.bias} [C]
 * @param weights holds {@code class.targets} and {@code free.targets} [C, D], {@code
 *     free.residual.weight} [D, F], {@code free.residual.bias} [D] and perhaps {@code rotation} [2
 *     D, 2 D]
 * @param share of the class path in the cosine
 */
public record TwoPathHead(Weights classifier, Weights weights, double share) implements Head {
    private static final Linear CLASSIFIER = Linear.of(Role.PROJECTION, "classifier");
    private static final Linear RESIDUAL = Linear.of(Role.PROJECTION, "free.residual");

    public TwoPathHead {
        int classes = CLASSIFIER.out(classifier);
        if (weights.rows("class.targets") != classes || weights.rows("free.targets") != classes) {
            throw new IllegalArgumentException(
                    "%d classes but %d and %d targets"
                            .formatted(
                                    classes,
                                    weights.rows("class.targets"),
                                    weights.rows("free.targets")));
        }
    }

    @Override
    public int features() {
        return RESIDUAL.in(weights);
    }

    @Override
    public int dimensions() {
        return weights.columns("class.targets") + weights.columns("free.targets");
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        GraphBuilder g = target.graph();
        long seen = CLASSIFIER.in(classifier);
        Value first = g.node("Slice").apply(pooled, g.integers(0), g.integers(seen), g.integers(1));
        Value logits = new Layers(target, classifier).linear(CLASSIFIER, first);
        Value probabilities = g.node("Softmax").set("axis", 1).apply(logits);
        Value close = placed(target, probabilities, "class.targets");
        Value residual = new Layers(target, weights).linear(RESIDUAL, pooled);
        Value free = g.node("Add").apply(placed(target, probabilities, "free.targets"), residual);
        Optional<Weights> rotation = PairedHead.rotation(weights);
        return PairedHead.joined(
                target, Ops.l2Normalise(g, close), Ops.l2Normalise(g, free), share, rotation);
    }

    private Value placed(Target target, Value probabilities, String targets) {
        Value table = target.single(weights.slice(targets));
        return target.graph().node("MatMul").apply(probabilities, table);
    }
}
