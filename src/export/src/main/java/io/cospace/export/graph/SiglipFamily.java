package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.ImageTower;
import java.util.Map;
import java.util.Optional;

/**
 * SigLIP's image tower as timm names it inside open_clip ({@code visual.trunk.}) and as Hugging
 * Face does ({@code vision_model.}), with the patch embedding of a convolution or, in NaFlex files,
 * of a linear layer.
 */
final class SiglipFamily implements Family {
    private static final String TIMM = "visual\\.trunk\\.";
    private static final String BLOCK = TIMM + "blocks\\.(\\d+)\\.";
    private static final String HF = "vision_model\\.";
    private static final int SMALLEST_HEAD = 64;
    private static final float EPSILON = 1e-6f;

    private static final Names NAMES =
            ClipNames.hfBlocks(Names.none(), HF)
                    .rename(TIMM + "patch_embed\\.proj\\.(weight|bias)", "patch.$1")
                    .rename(TIMM + "pos_embed", "positions")
                    .rename(TIMM + "norm\\.(weight|bias)", "post.$1")
                    .rename(BLOCK + "norm([12])\\.(weight|bias)", "blocks.$1.norm$2.$3")
                    .split(
                            BLOCK + "attn\\.qkv\\.(weight|bias)",
                            "blocks.$1.query.$2",
                            "blocks.$1.key.$2",
                            "blocks.$1.value.$2")
                    .rename(BLOCK + "attn\\.proj\\.(weight|bias)", "blocks.$1.out.$2")
                    .rename(BLOCK + "mlp\\.fc1\\.(weight|bias)", "blocks.$1.up.$2")
                    .rename(BLOCK + "mlp\\.fc2\\.(weight|bias)", "blocks.$1.down.$2")
                    .rename(TIMM + "attn_pool\\.latent", "pool.latent")
                    .rename(TIMM + "attn_pool\\.q\\.(weight|bias)", "pool.query.$1")
                    .split(TIMM + "attn_pool\\.kv\\.(weight|bias)", "pool.key.$1", "pool.value.$1")
                    .rename(TIMM + "attn_pool\\.proj\\.(weight|bias)", "pool.out.$1")
                    .rename(TIMM + "attn_pool\\.norm\\.(weight|bias)", "pool.norm.$1")
                    .rename(TIMM + "attn_pool\\.mlp\\.fc1\\.(weight|bias)", "pool.up.$1")
                    .rename(TIMM + "attn_pool\\.mlp\\.fc2\\.(weight|bias)", "pool.down.$1")
                    .rename(HF + "embeddings\\.patch_embedding\\.(weight|bias)", "patch.$1")
                    .rename(HF + "embeddings\\.position_embedding\\.weight", "positions")
                    .ignore(HF + "embeddings\\.position_ids", "position numbers, counted anew")
                    .rename(HF + "post_layernorm\\.(weight|bias)", "post.$1")
                    .rename(HF + "head\\.probe", "pool.latent")
                    .split(
                            HF + "head\\.attention\\.in_proj_(weight|bias)",
                            "pool.query.$1",
                            "pool.key.$1",
                            "pool.value.$1")
                    .rename(HF + "head\\.attention\\.out_proj\\.(weight|bias)", "pool.out.$1")
                    .rename(HF + "head\\.layernorm\\.(weight|bias)", "pool.norm.$1")
                    .rename(HF + "head\\.mlp\\.fc1\\.(weight|bias)", "pool.up.$1")
                    .rename(HF + "head\\.mlp\\.fc2\\.(weight|bias)", "pool.down.$1");

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        Map<String, TensorInfo> ours = NAMES.infos(tensors);
        TensorInfo patch = ours.get("patch.weight");
        TensorInfo positions = ours.get("positions");
        if (patch == null || positions == null || !ours.containsKey("pool.latent")) {
            return Optional.empty();
        }
        int width = Math.toIntExact(patch.size(0));
        SiglipVisionTransformer.Config built =
                config(patch, positions, config, tensors.containsKey("visual.trunk.pos_embed"));
        return Optional.of(
                new ImageTower(
                        "SigLIP vision transformer, width %d, %d heads, %s, %d px in patches of %d%s"
                                .formatted(
                                        width,
                                        built.heads(),
                                        built.activation(),
                                        built.patches().size(),
                                        built.patches().patch(),
                                        PositionTable.note(
                                                PositionTable.side(positions, 0, width),
                                                built.patches().grid(),
                                                built.resizing())),
                        NAMES.used(tensors.keySet()),
                        NAMES.ignored(tensors.keySet()),
                        built.patches().size(),
                        width,
                        weights -> new SiglipVisionTransformer(built, NAMES.apply(weights))));
    }

    private static SiglipVisionTransformer.Config config(
            TensorInfo patch, TensorInfo positions, JsonNode json, boolean timm) {
        JsonNode cfg = json.has("vision_config") ? json.path("vision_config") : json;
        int width = Math.toIntExact(patch.size(0));
        int side = (int) Math.round(Math.sqrt(patch.elements() / (3.0 * width)));
        int grid = PositionTable.side(positions, 0, width);
        Patches.Order order =
                patch.rank() == 2 ? Patches.Order.CHANNEL_LAST : Patches.Order.CHANNEL_FIRST;
        int size = cfg.path("image_size").asInt(grid * side);
        if (order == Patches.Order.CHANNEL_LAST && size / side != grid) {
            throw new IllegalArgumentException(
                    "image_size is %d; a NaFlex tower is read at its own %d x %d patches of %d px"
                            .formatted(size, grid, grid, side));
        }
        return new SiglipVisionTransformer.Config(
                new Patches(size, side, order),
                cfg.path("num_attention_heads").asInt(cfg.path("heads").asInt(heads(width))),
                (float) cfg.path("layer_norm_eps").asDouble(EPSILON),
                timm ? timmActivation(json) : hfActivation(cfg),
                timm ? PositionGrid.Method.ANTIALIASED : PositionGrid.Method.BORDERS);
    }

    /** 16 heads of 72 for the So400m, else heads of 64. */
    private static int heads(int width) {
        return width % SMALLEST_HEAD == 0 && width != 1152 ? width / SMALLEST_HEAD : width / 72;
    }

    private static Activation hfActivation(JsonNode cfg) {
        return ClipSettings.activation(cfg.path("hidden_act").asText("gelu_pytorch_tanh"));
    }

    /**
     * timm's models differ: exact GELU for so400m_patch14 and base_patch16, tanh for
     * so400m_patch16, base_patch32_256, large_patch16_512 and giantopt.
     */
    private static Activation timmActivation(JsonNode json) {
        if (json.has("hidden_act")) {
            return ClipSettings.activation(json.path("hidden_act").asText());
        }
        JsonNode openClip = json.has("model_cfg") ? json.path("model_cfg") : json;
        String model = openClip.path("vision_cfg").path("timm_model_name").asText("");
        if (model.isEmpty()) {
            throw new IllegalArgumentException(
                    "hidden_act is said nowhere: timm's so400m_patch14 and base_patch16 have gelu,"
                            + " so400m_patch16, base_patch32, large_patch16_512 and giantopt"
                            + " gelu_pytorch_tanh");
        }
        boolean tanh =
                model.contains("so400m_patch16")
                        || model.contains("base_patch32_siglip_256")
                        || model.contains("large_patch16_siglip_512")
                        || model.contains("giantopt");
        return tanh ? Activation.GELU_TANH : Activation.GELU;
    }
}
