package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;
import java.util.Optional;

/**
 * A Llama or Qwen3 decoder as a text embedder (transformers {@code LlamaModel}, {@code Qwen3Model};
 * LLM2Vec, BehnamGhader et al. 2024, for the form without causal mask): RMSNorm before attention
 * and feed-forward layers, rotary positions in halves, grouped key heads, SwiGLU, and for Qwen3 a
 * norm of each query and key head.
 *
 * <p>Inputs: {@code input_ids} and {@code lengths} as {@link TextLayout} says. Outputs: {@code
 * pooled} fp32 [n, d], behind the final norm, either the last token's row or the mean of all rows
 * but the first {@code skip}; {@code embedding} fp32 [n, D], unit vectors that the head makes of
 * it.
 *
 * <p>Tensors: Hugging Face names without the prefix {@code model.}.
 */
final class DecoderTower implements Network {
    private static final String WORDS = "embed_tokens.weight";

    private final DecoderConfig config;
    private final Weights weights;
    private final TextLayout layout;
    private final Reading reading;
    private final Head head;
    private final int layers;
    private final int hidden;

    /**
     * Which rows are read.
     *
     * @param lastToken the last one, or the mean
     * @param skip first tokens that the mean leaves out: what wraps the text before it
     */
    record Reading(boolean lastToken, int skip) {}

    /** The rotation of each row: cosines and sines [1, t, size / 2]. */
    private record Rotation(Value cosines, Value sines) {}

    DecoderTower(
            DecoderConfig config, Weights weights, TextLayout layout, Reading reading, Head head) {
        this.config = config;
        this.weights = weights;
        this.layout = layout;
        this.reading = reading;
        this.head = head;
        hidden = weights.columns(WORDS);
        layers = count(weights);
        if (layers == 0 || head.features() != hidden) {
            throw new IllegalArgumentException(
                    "%d layers of width %d, and a head for %d features"
                            .formatted(layers, hidden, head.features()));
        }
    }

    private static int count(Weights weights) {
        int count = 0;
        while (weights.has("layers." + count + ".input_layernorm.weight")) {
            count++;
        }
        return count;
    }

    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        TokenRows tokens = TokenRows.of(g, layout);
        Value words = net.lookUp(WORDS, tokens.ids());
        Layers.Residual x =
                new Layers.Residual(
                        words,
                        net.rmsNorm("layers.0.input_layernorm.weight", config.epsilon(), words));
        Rotation rotation = rotation(g, tokens.positions());
        for (int i = 0; i < layers; i++) {
            boolean pruned = reading.lastToken() && i == layers - 1;
            Optional<Selection> kept = pruned ? Optional.of(tokens.last()) : Optional.empty();
            x = block(net, tokens, rotation, i, x, kept);
        }
        Value pooled =
                reading.lastToken() ? x.normed() : tokens.mean(x.normed(), hidden, reading.skip());
        g.output("pooled", pooled, DataType.FLOAT, Shape.of("n").by(hidden));
        Value embedding = head.embedding(target, pooled);
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }

    private Rotation rotation(GraphBuilder g, Value positions) {
        Value frequencies =
                g.floats(
                        "rotary.frequencies",
                        config.frequencies().singles(),
                        1,
                        config.headSize() / 2L);
        Value turns = g.node("Cast").set("to", DataType.FLOAT).apply(positions);
        Value angles = g.node("Mul").apply(Ops.unsqueeze(g, turns, 1), frequencies);
        return new Rotation(
                Ops.unsqueeze(g, g.node("Cos").apply(angles), 0),
                Ops.unsqueeze(g, g.node("Sin").apply(angles), 0));
    }

    private Layers.Residual block(
            Layers net,
            TokenRows tokens,
            Rotation rotation,
            int i,
            Layers.Residual x,
            Optional<Selection> kept) {
        String name = "layers." + i + ".";
        String next =
                i == layers - 1 ? "norm.weight" : "layers." + (i + 1) + ".input_layernorm.weight";
        int joinedWidth = config.heads() * config.headSize();
        int keyWidth = config.keyHeads() * config.headSize();
        Value k = tokens.pad(key(net, rotation, name, x.normed()), keyWidth);
        Linear valueLayer = Linear.of(Role.VALUE, name + "self_attn.v_proj").withoutBias();
        Value v = tokens.pad(net.linear(valueLayer, x.normed()), keyWidth);
        if (kept.isEmpty()) {
            Value q = tokens.pad(query(net, rotation, name, x.normed()), joinedWidth);
            Value joined = net.attention(config.shape(), q, k, v, tokens.lengths());
            return feedForward(net, name, tokens.unpad(joined, joinedWidth), x.sum(), next);
        }
        GraphBuilder g = net.graph();
        Value rows = kept.get().rows();
        Rotation theirs =
                new Rotation(
                        g.node("Gather").set("axis", 1).apply(rotation.cosines(), rows),
                        g.node("Gather").set("axis", 1).apply(rotation.sines(), rows));
        Value q = query(net, theirs, name, g.node("Gather").apply(x.normed(), rows));
        Value joined =
                net.attention(
                        config.shape().bidirectional(),
                        Ops.unsqueeze(g, q, 1),
                        k,
                        v,
                        kept.get().visible());
        Value residual = g.node("Gather").apply(x.sum(), rows);
        return feedForward(net, name, Ops.reshape(g, joined, -1, joinedWidth), residual, next);
    }

    private Value query(Layers net, Rotation rotation, String name, Value x) {
        Linear layer = Linear.of(Role.QUERY, name + "self_attn.q_proj").withoutBias();
        String norm = name + "self_attn.q_norm.weight";
        return turned(net, rotation, net.linear(layer, x), config.heads(), norm);
    }

    private Value key(Layers net, Rotation rotation, String name, Value x) {
        Linear layer = Linear.of(Role.KEY, name + "self_attn.k_proj").withoutBias();
        String norm = name + "self_attn.k_norm.weight";
        return turned(net, rotation, net.linear(layer, x), config.keyHeads(), norm);
    }

    /** Rows [t, heads * size], each head normalised if there is a norm, then rotated. */
    private Value turned(Layers net, Rotation rotation, Value rows, int heads, String norm) {
        GraphBuilder g = net.graph();
        long width = (long) heads * config.headSize();
        Value x = rows;
        if (weights.has(norm)) {
            Value each = Ops.reshape(g, rows, -1, config.headSize());
            x = Ops.reshape(g, net.rmsNorm(norm, config.epsilon(), each), -1, width);
        }
        Value rotated =
                g.node("RotaryEmbedding")
                        .set("num_heads", heads)
                        .apply(Ops.unsqueeze(g, x, 0), rotation.cosines(), rotation.sines());
        return Ops.reshape(g, rotated, -1, width);
    }

    private Layers.Residual feedForward(
            Layers net, String name, Value joined, Value residual, String next) {
        Layers.Residual attended =
                net.rmsResidual(
                        name + "post_attention_layernorm.weight",
                        config.epsilon(),
                        Linear.of(Role.ATTENTION_OUTPUT, name + "self_attn.o_proj").withoutBias(),
                        joined,
                        residual);
        Value inner =
                net.swiGlu(
                        Linear.of(Role.FEED_FORWARD_GATE, name + "mlp.gate_proj").withoutBias(),
                        Linear.of(Role.FEED_FORWARD_UP, name + "mlp.up_proj").withoutBias(),
                        attended.normed());
        return net.rmsResidual(
                next,
                config.epsilon(),
                Linear.of(Role.FEED_FORWARD_DOWN, name + "mlp.down_proj").withoutBias(),
                inner,
                attended.sum());
    }
}
