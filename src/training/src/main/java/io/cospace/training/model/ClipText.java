package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * CLIP's text transformer in OpenAI's names, with or without the prefix {@code text.}, for the
 * baseline that trains both towers. Input: token numbers [n, t], zero padded, whose largest one
 * ends the text.
 */
public final class ClipText implements Tower {
    private final Parameters parameters;
    private final String prefix;
    private final int heads;
    private final Activation activation;
    private final ClipBlocks blocks;

    public ClipText(Parameters parameters, int heads, Activation activation) {
        this.parameters = parameters;
        this.heads = heads;
        this.activation = activation;
        prefix = parameters.has("text.token_embedding.weight") ? "text." : "";
        blocks = new ClipBlocks(parameters, prefix, heads, activation);
    }

    /** Whether a checkpoint's tensor belongs to such a tower. */
    public static boolean owns(String name) {
        String inner = name.startsWith("text.") ? name.substring("text.".length()) : name;
        return inner.startsWith("transformer.")
                || inner.startsWith("token_embedding.")
                || inner.startsWith("ln_final.")
                || inner.equals("positional_embedding")
                || inner.equals("text_projection");
    }

    @Override
    public Tensor forward(Tensor tokens, boolean training) {
        Tensor x = Nn.embedding(parameters.get(prefix + "token_embedding.weight"), tokens);
        Tensor positions = parameters.get(prefix + "positional_embedding");
        x = x.plus(positions.narrow(0, 0, tokens.size(1)));
        x = ClipBlocks.norm(parameters, blocks.apply(x, true), prefix + "ln_final");
        long n = x.size(0);
        long t = x.size(1);
        Tensor rows = x.reshape(n * t, -1).pick(0, ends(tokens.toLongs(), n, t).besides(x));
        return rows.matmul(parameters.get(prefix + "text_projection"));
    }

    /** Where the largest number of each text stands among the rows of all. */
    private static Tensor ends(long[] tokens, long n, long t) {
        long[] ends = new long[(int) n];
        for (int row = 0; row < n; row++) {
            long first = row * t;
            ends[row] = first;
            for (long i = first; i < first + t; i++) {
                if (tokens[(int) i] > tokens[(int) ends[row]]) {
                    ends[row] = i;
                }
            }
        }
        return Tensors.of(ends, n);
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new ClipText(other, heads, activation);
    }
}
