package io.cospace.export.graph;

import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.onnx.TensorProto.DataType;

/**
 * A BERT or XLM-R encoder with mean pooling (Devlin et al. 2019; Conneau et al. 2020, section 3;
 * Hugging Face {@code BertModel}, {@code XLMRobertaModel}): learned positions, post-LayerNorm
 * blocks, exact GELU.
 *
 * <p>Inputs: {@code input_ids} and {@code lengths}, both int64, as {@link TextLayout} says; a text
 * has at least one token and at most as many as the position table has rows for. Outputs: {@code
 * pooled} fp32 [n, d], the mean of the last hidden states over all tokens of the text, special ones
 * included, or the first token's; {@code embedding} fp32 [n, D], unit vectors made of it by the
 * head.
 *
 * <p>Weights: Hugging Face names without the prefix {@code bert.} or {@code roberta.}; matrices
 * plain or in 4 bits. The token type is always 0; its row is added to the position table when the
 * model is loaded.
 */
public final class BertTower implements Network {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    private static final String TYPES = "embeddings.token_type_embeddings.weight";

    private final BertConfig config;
    private final Weights weights;
    private final TextLayout layout;
    private final Pooling pooling;
    private final Head head;
    private final int layers;
    private final int hidden;

    /**
     * Checks that the tensors fit together.
     *
     * @throws IllegalArgumentException naming what does not
     */
    public BertTower(BertConfig config, Weights weights, TextLayout layout, Head head) {
        this(config, weights, layout, Pooling.MEAN, head);
    }

    /** As above, but read at the first token if {@code pooling} is FIRST; LAST is refused. */
    BertTower(BertConfig config, Weights weights, TextLayout layout, Pooling pooling, Head head) {
        this.config = config;
        this.weights = weights;
        this.layout = layout;
        this.pooling = pooling;
        this.head = head;
        hidden = weights.columns(WORDS);
        int count = 0;
        while (weights.has(query(count).bias())) {
            count++;
        }
        layers = count;
        if (layers == 0 || hidden % config.heads() != 0 || head.features() != hidden) {
            throw new IllegalArgumentException(
                    "%d layers of width %d with %d heads, and a head for %d features"
                            .formatted(layers, hidden, config.heads(), head.features()));
        }
    }

    /** Size of {@code pooled}. */
    public int features() {
        return hidden;
    }

    /** Tokens that a text may have, special ones included. */
    public int maxTokens() {
        return weights.rows(POSITIONS) - config.firstPosition();
    }

    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        TokenRows tokens = TokenRows.of(g, layout);
        Value x = embeddings(g, net, tokens);
        for (int i = 0; i < layers; i++) {
            x = block(net, tokens, i, x);
        }
        Value pooled = pooled(g, tokens, x);
        g.output("pooled", pooled, DataType.FLOAT, Shape.of("n").by(hidden));
        Value embedding = head.embedding(target, pooled);
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }

    private Value pooled(GraphBuilder g, TokenRows tokens, Value x) {
        return switch (pooling) {
            case MEAN -> tokens.mean(x, hidden, 0);
            case FIRST -> g.node("Gather").apply(x, tokens.first());
            case LAST ->
                    throw new IllegalArgumentException(
                            "pooling LAST; BERT has the mean or the first token");
        };
    }

    private Value embeddings(GraphBuilder g, Layers net, TokenRows tokens) {
        Value type =
                g.node("Slice")
                        .apply(net.tensor(TYPES), g.integers(0), g.integers(1), g.integers(0));
        Value table = g.node("Add").apply(net.tensor(POSITIONS), type);
        Value rows = tokens.positions();
        if (config.firstPosition() != 0) {
            rows = g.node("Add").apply(rows, g.integer(config.firstPosition()));
        }
        Value positions = g.node("Gather").apply(table, rows);
        return net.addNorm(
                "embeddings.LayerNorm",
                config.epsilon(),
                net.lookUp(WORDS, tokens.ids()),
                positions);
    }

    private Value block(Layers net, TokenRows tokens, int i, Value x) {
        String layer = "encoder.layer." + i;
        Value joined =
                net.attention(
                        AttentionShape.of(config.heads()),
                        tokens.pad(net.linear(query(i), x), hidden),
                        tokens.pad(
                                net.linear(of(Role.KEY, layer, "attention.self.key"), x), hidden),
                        tokens.pad(
                                net.linear(of(Role.VALUE, layer, "attention.self.value"), x),
                                hidden),
                        tokens.lengths());
        Value attended =
                net.addNorm(
                        layer + ".attention.output.LayerNorm",
                        config.epsilon(),
                        of(Role.ATTENTION_OUTPUT, layer, "attention.output.dense"),
                        tokens.unpad(joined, hidden),
                        x);
        Value inner =
                net.activated(
                        Activation.GELU,
                        net.linear(
                                of(Role.FEED_FORWARD_UP, layer, "intermediate.dense"), attended));
        return net.addNorm(
                layer + ".output.LayerNorm",
                config.epsilon(),
                of(Role.FEED_FORWARD_DOWN, layer, "output.dense").afterGelu(),
                inner,
                attended);
    }

    private static Linear query(int i) {
        return of(Role.QUERY, "encoder.layer." + i, "attention.self.query");
    }

    private static Linear of(Role role, String layer, String name) {
        return Linear.of(role, layer + "." + name);
    }
}
