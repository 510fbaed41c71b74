package io.cospace.export.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.ImageTower;
import java.util.Map;
import java.util.Optional;

/**
 * EVA02-CLIP's image tower as LLM2CLIP and ProCLIP name it ({@code visual.}), as EVA-CLIP did first
 * ({@code attn.q_bias}) and as timm does inside open_clip ({@code visual.trunk.}).
 */
final class EvaFamily implements Family {
    private static final String ANY = "visual\\.(?:trunk\\.)?";
    private static final String BLOCK = ANY + "blocks\\.(\\d+)\\.";
    private static final int HEAD_WIDTH = 64;
    private static final int RELEASED_TURNS = 16;

    private static final Names NAMES =
            Names.none()
                    .rename(ANY + "patch_embed\\.proj\\.(weight|bias)", "patch.$1")
                    .rename(ANY + "cls_token", "class")
                    .rename(ANY + "pos_embed", "positions")
                    .rename(ANY + "norm\\.(weight|bias)", "post.$1")
                    .rename(ANY + "head\\.(weight|bias)", "projection.$1")
                    .rename(BLOCK + "norm([12])\\.(weight|bias)", "blocks.$1.norm$2.$3")
                    .rename(BLOCK + "attn\\.q_proj\\.(weight|bias)", "blocks.$1.query.$2")
                    .rename(BLOCK + "attn\\.k_proj\\.weight", "blocks.$1.key.weight")
                    .rename(BLOCK + "attn\\.v_proj\\.(weight|bias)", "blocks.$1.value.$2")
                    .rename(BLOCK + "attn\\.q_bias", "blocks.$1.query.bias")
                    .rename(BLOCK + "attn\\.v_bias", "blocks.$1.value.bias")
                    .rename(
                            BLOCK + "attn\\.(?:inner_attn_ln|norm)\\.(weight|bias)",
                            "blocks.$1.inner.$2")
                    .rename(BLOCK + "attn\\.proj\\.(weight|bias)", "blocks.$1.out.$2")
                    .rename(BLOCK + "mlp\\.(?:w1|fc1_g)\\.(weight|bias)", "blocks.$1.gate.$2")
                    .rename(BLOCK + "mlp\\.(?:w2|fc1_x)\\.(weight|bias)", "blocks.$1.up.$2")
                    .rename(BLOCK + "mlp\\.(?:ffn_ln|norm)\\.(weight|bias)", "blocks.$1.ffn.$2")
                    .rename(BLOCK + "mlp\\.(?:w3|fc2)\\.(weight|bias)", "blocks.$1.down.$2")
                    .ignore(
                            ANY + "(?:blocks\\.\\d+\\.attn\\.)?rope\\.freqs_(?:cos|sin)",
                            "rotary table, recomputed");

    @Override
    public Optional<Part> recognise(Map<String, TensorInfo> tensors, JsonNode config) {
        Map<String, TensorInfo> ours = NAMES.infos(tensors);
        TensorInfo patch = ours.get("patch.weight");
        TensorInfo positions = ours.get("positions");
        TensorInfo projection = ours.get("projection.weight");
        if (patch == null
                || positions == null
                || projection == null
                || !ours.containsKey("blocks.0.inner.weight")) {
            return Optional.empty();
        }
        int width = Math.toIntExact(patch.size(0));
        int side = Math.toIntExact(patch.size(3));
        int grid = PositionTable.side(positions, 1, width);
        PositionGrid.Method resizing =
                tensors.containsKey("visual.trunk.pos_embed")
                        ? PositionGrid.Method.ANTIALIASED
                        : PositionGrid.Method.BORDERS;
        JsonNode vision = config.has("vision_cfg") ? config.path("vision_cfg") : config;
        EvaVisionTransformer.Config built =
                new EvaVisionTransformer.Config(
                        vision.path("image_size").asInt(grid * side),
                        width / vision.path("head_width").asInt(HEAD_WIDTH),
                        vision.path("pt_hw_seq_len").asInt(RELEASED_TURNS),
                        resizing);
        return Optional.of(
                new ImageTower(
                        "EVA-02 vision transformer, width %d, %d heads, %d px in patches of %d%s"
                                .formatted(
                                        width,
                                        built.heads(),
                                        built.size(),
                                        side,
                                        PositionTable.note(grid, built.size() / side, resizing)),
                        NAMES.used(tensors.keySet()),
                        NAMES.ignored(tensors.keySet()),
                        built.size(),
                        Math.toIntExact(projection.size(0)),
                        weights -> network(built, NAMES.apply(weights))));
    }

    private static Network network(EvaVisionTransformer.Config config, Weights weights) {
        return new EvaVisionTransformer(config, weights, new ProjectionHead(weights));
    }
}
