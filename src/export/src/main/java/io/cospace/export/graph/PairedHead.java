package io.cospace.export.graph;

import java.util.Optional;

/**
 * Two heads over the same features whose unit vectors stand side by side: {@code [sqrt(share) a ;
 * sqrt(1 - share) b]}, so that cosines are the weighted means of both heads' cosines. Then turned
 * by an orthogonal matrix, if there is one, which changes no cosine.
 *
 * @param share of the first head, above 0 and below 1
 * @param rotation holds {@code rotation} [D, D], multiplied from the right
 */
public record PairedHead(Head first, Head second, double share, Optional<Weights> rotation)
        implements Head {
    private static final String ROTATION = "rotation";

    public PairedHead {
        if (first.features() != second.features() || !(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    "heads over %d and %d features, share %s: features must be equal, share within 0..1"
                            .formatted(first.features(), second.features(), share));
        }
    }

    /**
     * Two adapters of LLM2CLIP's and ProCLIP's form.
     *
     * @param weights holds both under {@code class.} and {@code free.}, in the names that training
     *     code gives an adapter, and perhaps {@code rotation}
     */
    public static PairedHead adapters(Weights weights, double share) {
        return new PairedHead(
                TextProjFamily.head(weights.under("class."), true),
                TextProjFamily.head(weights.under("free."), true),
                share,
                rotation(weights));
    }

    static Optional<Weights> rotation(Weights weights) {
        return weights.has(ROTATION) ? Optional.of(weights) : Optional.empty();
    }

    @Override
    public int features() {
        return first.features();
    }

    @Override
    public int dimensions() {
        return first.dimensions() + second.dimensions();
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        Target exact = target.exact();
        return joined(
                exact,
                first.embedding(exact, pooled),
                second.embedding(exact, pooled),
                share,
                rotation);
    }

    /** Rows of unit length side by side, turned. */
    static Value joined(Target target, Value a, Value b, double share, Optional<Weights> rotation) {
        GraphBuilder g = target.graph();
        Value one = g.node("Mul").apply(a, g.number((float) Math.sqrt(share)));
        Value other = g.node("Mul").apply(b, g.number((float) Math.sqrt(1 - share)));
        Value both = g.node("Concat").set("axis", 1).apply(one, other);
        if (rotation.isEmpty()) {
            return both;
        }
        Value matrix = target.single(rotation.get().slice(ROTATION));
        // The stored numbers are rounded, so the product is brought to unit length again.
        return Ops.l2Normalise(g, g.node("MatMul").apply(both, matrix));
    }
}
