package io.cospace.export.graph;

import java.util.Optional;

/**
 * Transformer blocks that normalise first: {@code x += attention(norm1(x)); x += down(act(up(
 * norm2(x))))}, the tensors of block i under {@code blocks.i.}: {@code norm1, query, key, value,
 * out, norm2, up, down}. A norm is fused with the sum before it, so blocks take and give the sum
 * and its norm together.
 *
 * @param net the tensors
 * @param width of a row
 * @param shape of attention
 * @param epsilon of every LayerNorm
 * @param activation of the feed-forward layers
 */
record PreNormBlocks(
        Layers net, int width, AttentionShape shape, float epsilon, Activation activation) {

    /** The number of blocks among the tensors. */
    static int count(Weights weights) {
        int count = 0;
        while (weights.has("blocks." + count + ".norm1.weight")) {
            count++;
        }
        return count;
    }

    /**
     * Writes all blocks.
     *
     * @param input the first block's input, and its {@code blocks.0.norm1}
     * @param finalNorm the norm behind the last block
     * @param kept the rows that are read at the end, or empty for all
     * @return rows behind the final norm: all [t, width] or the kept ones [n, width]
     */
    Value apply(
            Layers.Residual input,
            Sequences sequences,
            String finalNorm,
            Optional<Selection> kept) {
        int count = count(net.weights());
        Layers.Residual x = input;
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            String next = last ? finalNorm : "blocks." + (i + 1) + ".norm1";
            x = block("blocks." + i, x, sequences, next, last ? kept : Optional.empty());
        }
        return x.normed();
    }

    private Layers.Residual block(
            String name,
            Layers.Residual x,
            Sequences sequences,
            String next,
            Optional<Selection> kept) {
        Value k = sequences.pad(net.linear(Linear.of(Role.KEY, name + ".key"), x.normed()), width);
        Value v =
                sequences.pad(
                        net.linear(Linear.of(Role.VALUE, name + ".value"), x.normed()), width);
        Linear query = Linear.of(Role.QUERY, name + ".query");
        if (kept.isEmpty()) {
            Value q = sequences.pad(net.linear(query, x.normed()), width);
            Value joined = net.attention(shape, q, k, v, sequences.lengths());
            return feedForward(name, sequences.unpad(joined, width), x.sum(), next);
        }
        // One query a sequence sees exactly the keys that its causal row would.
        GraphBuilder g = net.graph();
        Value rows = kept.get().rows();
        Value q = net.linear(query, g.node("Gather").apply(x.normed(), rows));
        Value joined =
                net.attention(
                        shape.bidirectional(), Ops.unsqueeze(g, q, 1), k, v, kept.get().visible());
        Value residual = g.node("Gather").apply(x.sum(), rows);
        return feedForward(name, Ops.reshape(g, joined, -1, width), residual, next);
    }

    private Layers.Residual feedForward(String name, Value joined, Value residual, String next) {
        Layers.Residual attended =
                net.residual(
                        name + ".norm2",
                        epsilon,
                        Linear.of(Role.ATTENTION_OUTPUT, name + ".out"),
                        joined,
                        residual);
        Linear up = activation.before(Linear.of(Role.FEED_FORWARD_UP, name + ".up"));
        Linear down = activation.behind(Linear.of(Role.FEED_FORWARD_DOWN, name + ".down"));
        Value inner = net.activated(activation, net.linear(up, attended.normed()));
        return net.residual(next, epsilon, down, inner, attended.sum());
    }
}
