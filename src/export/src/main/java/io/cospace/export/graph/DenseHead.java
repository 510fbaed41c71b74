package io.cospace.export.graph;

import java.util.List;

/**
 * Dense layers behind a text embedder's pooling, as sentence-transformers has them: {@code
 * n(f_k(W_k ... f_0(W_0 x + b_0) ... + b_k))}, each f the identity or tanh.
 *
 * @param weights holds {@code dense.N.weight} [out, in] and perhaps {@code dense.N.bias}
 * @param tanh for each layer whether f is tanh; at least one layer
 */
public record DenseHead(Weights weights, List<Boolean> tanh) implements Head {
    /** Checks that each layer takes what the one before gives. */
    public DenseHead {
        tanh = List.copyOf(tanh);
        for (int i = 1; i < tanh.size(); i++) {
            int given = weights.rows(name(i - 1) + ".weight");
            int taken = weights.columns(name(i) + ".weight");
            if (given != taken) {
                throw new IllegalArgumentException(
                        "dense layer %d takes %d values; the one before gives %d"
                                .formatted(i, taken, given));
            }
        }
    }

    @Override
    public int features() {
        return weights.columns(name(0) + ".weight");
    }

    @Override
    public int dimensions() {
        return weights.rows(name(tanh.size() - 1) + ".weight");
    }

    @Override
    public Value embedding(Target target, Value pooled) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        Value x = pooled;
        for (int i = 0; i < tanh.size(); i++) {
            Linear layer = Linear.of(Role.PROJECTION, name(i));
            x = net.linear(weights.has(layer.bias()) ? layer : layer.withoutBias(), x);
            if (tanh.get(i)) {
                x = g.node("Tanh").apply(x);
            }
        }
        return Ops.l2Normalise(g, x);
    }

    private static String name(int layer) {
        return "dense." + layer;
    }
}
