package io.cospace.export.graph;

import io.cospace.export.onnx.TensorProto.DataType;
import java.util.Optional;

/**
 * CLIP's text transformer (Radford et al. 2021, section 2.4; {@code encode_text} of OpenAI CLIP and
 * open_clip, {@code CLIPTextModelWithProjection} of Hugging Face): causal blocks that normalise
 * first, read at the first token of the largest id, which is the end of text.
 *
 * <p>Inputs: {@code input_ids} and {@code lengths} as {@link TextLayout} says, from start to end of
 * text. Outputs: {@code pooled} fp32 [n, d], the row of the end of text behind the final norm;
 * {@code embedding} fp32 [n, D], unit vectors that the head makes of it.
 *
 * <p>Tensors: {@code words} [V, d], {@code positions} [s, d], {@code post}, and the blocks of
 * {@link PreNormBlocks}.
 */
final class ClipTextTower implements Network {
    private final Config config;
    private final Weights weights;
    private final TextLayout layout;
    private final Head head;
    private final int width;

    /** Heads of attention, epsilon of every LayerNorm, and the feed-forward layers' activation. */
    record Config(int heads, float epsilon, Activation activation) {}

    ClipTextTower(Config config, Weights weights, TextLayout layout, Head head) {
        this.config = config;
        this.weights = weights;
        this.layout = layout;
        this.head = head;
        width = weights.columns("words");
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
        TokenRows tokens = TokenRows.of(g, layout);
        Value positions = net.lookUp("positions", tokens.positions());
        Layers.Residual x =
                net.residual(
                        "blocks.0.norm1",
                        config.epsilon(),
                        net.lookUp("words", tokens.ids()),
                        positions);
        PreNormBlocks blocks =
                new PreNormBlocks(
                        net,
                        width,
                        new AttentionShape(config.heads(), config.heads(), true),
                        config.epsilon(),
                        config.activation());
        Value pooled = blocks.apply(x, tokens, "post", Optional.of(tokens.largest()));
        g.output("pooled", pooled, DataType.FLOAT, Shape.of("n").by(width));
        Value embedding = head.embedding(target, pooled);
        g.output("embedding", embedding, DataType.FLOAT, Shape.of("n").by(head.dimensions()));
    }
}
