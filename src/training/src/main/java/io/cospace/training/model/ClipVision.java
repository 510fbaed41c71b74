package io.cospace.training.model;

import io.cospace.training.torch.Nn;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;

/**
 * CLIP's vision transformer in the names of OpenAI ({@code visual.}) or Hugging Face ({@code
 * vision_model.}), and LIFT's: there the mean of the patches behind the last norm goes through a
 * head of two layers ({@code mlp_projector.}). Input: pixels [n, 3, size, size], normalised.
 */
public final class ClipVision implements Tower {
    private static final String HEAD = "mlp_projector.projector.";

    private final Parameters parameters;
    private final int heads;
    private final Activation activation;
    private final ClipBlocks blocks;
    private final boolean openAi;

    /**
     * A tower over its tensors.
     *
     * @param heads of attention; 64 wide in all released models
     */
    public ClipVision(Parameters parameters, int heads, Activation activation) {
        this.parameters = parameters;
        this.heads = heads;
        this.activation = activation;
        openAi = parameters.has("visual.conv1.weight");
        blocks =
                new ClipBlocks(parameters, openAi ? "visual." : "vision_model.", heads, activation);
    }

    /** Whether a checkpoint's tensor belongs to such a tower. */
    public static boolean owns(String name) {
        return name.startsWith("visual.")
                || name.startsWith("vision_model.")
                || name.startsWith("visual_projection.")
                || name.startsWith("mlp_projector.");
    }

    @Override
    public Tensor forward(Tensor pixels, boolean training) {
        Tensor x = ClipBlocks.norm(parameters, tokens(pixels), name("ln_pre", "pre_layrnorm"));
        x = blocks.apply(x, false);
        String post = name("ln_post", "post_layernorm");
        if (parameters.has(HEAD + "0.weight")) {
            Tensor patches = ClipBlocks.norm(parameters, x, post).narrow(1, 1, x.size(1) - 1);
            Tensor inner = Nn.gelu(linear(patches.mean(1), HEAD + "0"));
            return linear(inner, HEAD + "2");
        }
        Tensor pooled = ClipBlocks.norm(parameters, x.select(1, 0), post);
        if (openAi) {
            return parameters.has("visual.proj")
                    ? pooled.matmul(parameters.get("visual.proj"))
                    : pooled;
        }
        return parameters.has("visual_projection.weight")
                ? Nn.linear(pooled, parameters.get("visual_projection.weight"), null)
                : pooled;
    }

    private Tensor tokens(Tensor pixels) {
        Tensor kernel = parameters.get(name("conv1.weight", "embeddings.patch_embedding.weight"));
        int side = Math.toIntExact(kernel.size(3));
        Tensor seen = Nn.conv2d(pixels, kernel, null, side, 0, 1).flatten(2).transpose(1, 2);
        Tensor first = parameters.get(name("class_embedding", "embeddings.class_embedding"));
        Tensor classes = first.reshape(1, 1, -1).expand(seen.size(0), 1, seen.size(2));
        Tensor positions =
                parameters.get(
                        name("positional_embedding", "embeddings.position_embedding.weight"));
        if (positions.size(0) != seen.size(1) + 1) {
            throw new IllegalArgumentException(
                    "images of %d x %d pixels have %d patches of %d; the tower has positions for %d"
                            .formatted(
                                    pixels.size(3),
                                    pixels.size(2),
                                    seen.size(1),
                                    side,
                                    positions.size(0) - 1));
        }
        // In bf16 the patches are narrower than the class row: joined as what the row is.
        return Tensors.concat(1, classes, seen.to(classes.kind())).plus(positions);
    }

    private String name(String openAiName, String huggingFaceName) {
        return openAi ? "visual." + openAiName : "vision_model." + huggingFaceName;
    }

    private Tensor linear(Tensor x, String name) {
        return Nn.linear(x, parameters.get(name + ".weight"), parameters.get(name + ".bias"));
    }

    /** Of its feed-forward layers, which the tensors do not tell. */
    public Activation activation() {
        return activation;
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public Tower over(Parameters other) {
        return new ClipVision(other, heads, activation);
    }

    @Override
    public int depth() {
        return blocks.count();
    }
}
