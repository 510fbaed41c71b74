package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * The adapter of LLM2CLIP and ProCLIP from an embedder's rows [n, d] to the shared space, in their
 * names ({@code text.text_adaptor.}, Hugging Face: {@code text_adapter.adaptor.}): blocks {@code x
 * += W2 gelu(W1 LayerNorm(x) + b1) + b2}, a LayerNorm, a projection.
 */
public final class TextProj implements Tower {
    private static final String OWN = "text.text_adaptor.";
    private static final String HUGGING_FACE = "text_adapter.adaptor.";

    private final Parameters parameters;
    private final boolean unitInput;
    private final double dropout;
    private final String prefix;
    private final int blocks;

    /**
     * An adapter over its tensors, whose shapes say how many blocks it has and how wide.
     *
     * @param unitInput whether rows are brought to unit length first: true for cached vectors
     * @param dropout behind the activation and behind each block's second layer, 0..1
     */
    public TextProj(Parameters parameters, boolean unitInput, double dropout) {
        this.parameters = parameters;
        this.unitInput = unitInput;
        this.dropout = dropout;
        prefix = parameters.has(HUGGING_FACE + "0.fn.0.weight") ? HUGGING_FACE : OWN;
        int count = 0;
        while (parameters.has(prefix + count + ".fn.0.weight")) {
            count++;
        }
        blocks = count;
    }

    /** Sizes of a new adapter: LLM2CLIP has 4 blocks of expansion 2, ProCLIP 1 of expansion 8. */
    public record Sizes(int features, int dimensions, int blocks, int expansion) {
        public Sizes {
            if (features < 1 || dimensions < 1 || blocks < 0 || expansion < 1) {
                throw new IllegalArgumentException(
                        "features %d, dimensions %d, expansion %d must be positive, blocks %d not negative"
                                .formatted(features, dimensions, expansion, blocks));
            }
        }
    }

    /** Tensors of a new adapter from the process's random state, distributed as torch does it. */
    public static Parameters random(Sizes sizes) {
        Parameters made = new Parameters();
        int d = sizes.features();
        int wide = d * sizes.expansion();
        for (int i = 0; i < sizes.blocks(); i++) {
            Initial.norm(made, OWN + i + ".ln", d);
            Initial.linear(made, OWN + i + ".fn.0", d, wide);
            Initial.linear(made, OWN + i + ".fn.3", wide, d);
        }
        Initial.norm(made, OWN + sizes.blocks(), d);
        Initial.linear(made, OWN + (sizes.blocks() + 1), d, sizes.dimensions());
        return made;
    }

    /** Whether a checkpoint's tensor belongs to such an adapter. */
    public static boolean owns(String name) {
        return name.startsWith(OWN) || name.startsWith(HUGGING_FACE);
    }

    @Override
    public Tensor forward(Tensor rows, boolean training) {
        double share = training ? dropout : 0;
        Tensor x = unitInput ? rows.unit() : rows;
        for (int i = 0; i < blocks; i++) {
            String block = prefix + i + ".";
            Tensor inner =
                    Nn.gelu(linear(ClipBlocks.norm(parameters, x, block + "ln"), block + "fn.0"));
            Tensor out = linear(Nn.dropout(inner, share), block + "fn.3");
            x = x.plus(Nn.dropout(out, share));
        }
        return linear(ClipBlocks.norm(parameters, x, prefix + blocks), prefix + (blocks + 1));
    }

    private Tensor linear(Tensor x, String name) {
        return Nn.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"));
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new TextProj(other, unitInput, dropout);
    }

    /** First numbers of new layers. */
    static final class Initial {
        private Initial() {}

        /** Uniform within 1/sqrt(in), weight and bias, as {@code nn.Linear}. */
        static void linear(Parameters target, String name, int in, int out) {
            double reach = 1 / Math.sqrt(in);
            target.add(name + ".weight", Tensors.uniform(-reach, reach, out, in));
            target.add(name + ".bias", Tensors.uniform(-reach, reach, out));
        }

        static void norm(Parameters target, String name, int size) {
            float[] ones = new float[size];
            java.util.Arrays.fill(ones, 1);
            target.add(name + ".weight", Tensors.of(ones, size));
            target.add(name + ".bias", Tensors.of(new float[size], size));
        }
    }
}
