package io.cospace.export.graph;

/**
 * Whitening, rotation or any other affine map between unit vectors: {@code n(M (n(x) - m))}, n(v) =
 * v / |v|.
 *
 * @param weights holds {@code matrix} [D, d] and, unless the map is linear, {@code mean} [d]
 * @param normaliseInput whether x is brought to unit length first
 */
public record AffineHead(Weights weights, boolean normaliseInput) implements Head {
    private static final String MATRIX = "matrix";
    private static final String MEAN = "mean";

    @Override
    public int features() {
        return weights.columns(MATRIX);
    }

    @Override
    public int dimensions() {
        return weights.rows(MATRIX);
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        GraphBuilder g = target.graph();
        Value x = normaliseInput ? Ops.l2Normalise(g, pooled) : pooled;
        if (weights.has(MEAN)) {
            x = g.node("Sub").apply(x, target.single(weights.slice(MEAN)));
        }
        Value matrix = target.single(weights.slice(MATRIX));
        return Ops.l2Normalise(g, g.node("Gemm").set("transB", 1).apply(x, matrix));
    }
}
