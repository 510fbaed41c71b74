package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;
import java.util.Optional;

/**
 * SigLIP's text transformer (Zhai et al. 2023, section 3; Hugging Face {@code SiglipTextModel}):
 * blocks that normalise first, no mask at all. Texts are filled up to the whole context with the
 * padding token, which takes part like any other, and read at the last place; so the padding is
 * made inside the graph.
 *
 * <p>Inputs: {@code input_ids} and {@code lengths} as {@link TextLayout} says. Outputs: {@code
 * pooled} fp32 [n, d], the last row behind the final norm; {@code embedding} fp32 [n, D], unit
 * vectors that the head makes of it.
 *
 * <p>Tensors: {@code words} [V, d], {@code positions} [s, d], {@code post}, and the blocks of
 * {@link PreNormBlocks}.
 */
final class SiglipTextTower implements Network {
    private final Config config;
    private final Weights weights;
    private final TextLayout layout;
    private final Head head;
    private final int width;
    private final int context;

    /**
     * What the tensors do not tell by their shapes.
     *
     * @param heads of attention
     * @param epsilon of every LayerNorm
     * @param padding id of the padding token
     */
    record Config(int heads, float epsilon, Activation activation, int padding) {}

    SiglipTextTower(Config config, Weights weights, TextLayout layout, Head head) {
        this.config = config;
        this.weights = weights;
        this.layout = layout;
        this.head = head;
        width = weights.columns("words");
        context = weights.rows("positions");
        if (width % config.heads() != 0 || head.features() != width) {
            throw new IllegalArgumentException(
                    "width %d with %d heads, and a head for %d features"
                            .formatted(width, config.heads(), head.features()));
        }
    }

    @Override
    public void build(Target target) {
        GraphBuilder g = target.graph();
        Layers net = new Layers(target, weights);
        Value ids = TokenRows.of(g, layout).filled(context, config.padding());
        Sequences sequences = new FixedSequences(g, context);
        Value words = net.lookUp("words", ids);
        Layers.Residual x =
                net.residual(
                        "blocks.0.norm1",
                        config.epsilon(),
                        words,
                        target.single(weights.slice("positions")));
        Layers.Residual rows =
                new Layers.Residual(
                        sequences.unpad(x.sum(), width), sequences.unpad(x.normed(), width));
        PreNormBlocks blocks =
                new PreNormBlocks(
                        net,
                        width,
                        AttentionShape.of(config.heads()),
                        config.epsilon(),
                        config.activation());
        Value pooled = blocks.apply(rows, sequences, "post", Optional.of(lastPlaces(g, ids)));
        g.output("pooled", pooled, DataType.FLOAT, Shape.of("n").by(width));
        Value embedding = head.embedding(target, pooled);
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }

    private Selection lastPlaces(GraphBuilder g, Value ids) {
        Value texts = Ops.size(g, ids, 0);
        Value numbers = g.node("Range").apply(g.integer(0), texts, g.integer(1));
        Value starts = g.node("Mul").apply(numbers, g.integer(context));
        Value rows = g.node("Add").apply(starts, g.integer(context - 1L));
        return new Selection(rows, Value.NONE);
    }
}
