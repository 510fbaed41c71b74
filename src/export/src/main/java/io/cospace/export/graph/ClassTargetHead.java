package io.cospace.export.graph;

/**
 * Image features by way of a classifier: {@code n(softmax(W f + b) T)}, the mean of the classes'
 * vectors weighted by their probabilities (Norouzi et al. 2014, "ConSE", over all classes).
 *
 * @param classifier holds {@code classifier.weight} [C, d] and {@code classifier.bias} [C]
 * @param targets holds {@code targets} [C, D], a vector of the shared space for each class
 */
public record ClassTargetHead(Weights classifier, Weights targets) implements Head {
    private static final String CLASSIFIER = "classifier";
    private static final String TARGETS = "targets";

    public ClassTargetHead {
        if (classifier.rows(CLASSIFIER + ".weight") != targets.rows(TARGETS)) {
            throw new IllegalArgumentException(
                    "%d classes but %d targets"
                            .formatted(
                                    classifier.rows(CLASSIFIER + ".weight"),
                                    targets.rows(TARGETS)));
        }
    }

    @Override
    public int features() {
        return classifier.columns(CLASSIFIER + ".weight");
    }

    @Override
    public int dimensions() {
        return targets.columns(TARGETS);
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        GraphBuilder g = target.graph();
        Value logits =
                new Layers(target, classifier)
                        .linear(Linear.of(Role.PROJECTION, CLASSIFIER), pooled);
        Value probabilities = g.node("Softmax").set("axis", 1).apply(logits);
        Value table = target.single(targets.slice(TARGETS));
        return Ops.l2Normalise(g, g.node("MatMul").apply(probabilities, table));
    }
}
