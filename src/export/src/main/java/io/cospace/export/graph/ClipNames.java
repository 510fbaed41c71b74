package io.cospace.export.graph;

/**
 * The names of CLIP's towers as OpenAI, open_clip, LIFT and Hugging Face spell them (reference
 * implementations: openai/CLIP model.py; open_clip model.py; transformers
 * convert_clip_original_pytorch_to_hf.py).
 */
final class ClipNames {
    private static final String POSITION_NUMBERS = "position numbers, counted anew";

    private ClipNames() {}

    static Names vision() {
        return hfBlocks(openAiBlocks(Names.none(), "visual\\."), "vision_model\\.")
                .rename("visual\\.conv1\\.weight", "patch.weight")
                .rename("visual\\.class_embedding", "class")
                .rename("visual\\.positional_embedding", "positions")
                .rename("visual\\.ln_(pre|post)\\.(weight|bias)", "$1.$2")
                .rename("visual\\.proj", "projection")
                .rename("vision_model\\.embeddings\\.patch_embedding\\.weight", "patch.weight")
                .rename("vision_model\\.embeddings\\.class_embedding", "class")
                .rename("vision_model\\.embeddings\\.position_embedding\\.weight", "positions")
                .ignore("vision_model\\.embeddings\\.position_ids", POSITION_NUMBERS)
                .rename("vision_model\\.pre_layrnorm\\.(weight|bias)", "pre.$1")
                .rename("vision_model\\.post_layernorm\\.(weight|bias)", "post.$1")
                .rename("visual_projection\\.weight", "projection.weight")
                .rename(
                        "(mlp_projector|text_decoder)\\.projector\\.0\\.(weight|bias)",
                        "head.up.$2")
                .rename(
                        "(mlp_projector|text_decoder)\\.projector\\.2\\.(weight|bias)",
                        "head.down.$2");
    }

    static Names text() {
        return hfBlocks(openAiBlocks(Names.none(), "(?:text\\.)?"), "text_model\\.")
                .rename("(?:text\\.)?token_embedding\\.weight", "words")
                .rename("(?:text\\.)?positional_embedding", "positions")
                .rename("(?:text\\.)?ln_final\\.(weight|bias)", "post.$1")
                .rename("(?:text\\.)?text_projection", "projection")
                .ignore("(?:text\\.)?attn_mask", "causal mask, recomputed")
                .rename("text_model\\.embeddings\\.token_embedding\\.weight", "words")
                .rename("text_model\\.embeddings\\.position_embedding\\.weight", "positions")
                .ignore("text_model\\.embeddings\\.position_ids", POSITION_NUMBERS)
                .rename("text_model\\.final_layer_norm\\.(weight|bias)", "post.$1")
                .rename("text_projection\\.weight", "projection.weight");
    }

    private static Names openAiBlocks(Names names, String prefix) {
        String block = prefix + "transformer\\.resblocks\\.(\\d+)\\.";
        return names.rename(block + "ln_([12])\\.(weight|bias)", "blocks.$1.norm$2.$3")
                .split(
                        block + "attn\\.in_proj_(weight|bias)",
                        "blocks.$1.query.$2",
                        "blocks.$1.key.$2",
                        "blocks.$1.value.$2")
                .rename(block + "attn\\.out_proj\\.(weight|bias)", "blocks.$1.out.$2")
                .rename(block + "mlp\\.c_fc\\.(weight|bias)", "blocks.$1.up.$2")
                .rename(block + "mlp\\.c_proj\\.(weight|bias)", "blocks.$1.down.$2");
    }

    /** Blocks as all CLIP-like towers of Hugging Face spell them, SigLIP included. */
    static Names hfBlocks(Names names, String prefix) {
        String block = prefix + "encoder\\.layers\\.(\\d+)\\.";
        return names.rename(block + "layer_norm([12])\\.(weight|bias)", "blocks.$1.norm$2.$3")
                .rename(block + "self_attn\\.q_proj\\.(weight|bias)", "blocks.$1.query.$2")
                .rename(block + "self_attn\\.k_proj\\.(weight|bias)", "blocks.$1.key.$2")
                .rename(block + "self_attn\\.v_proj\\.(weight|bias)", "blocks.$1.value.$2")
                .rename(block + "self_attn\\.out_proj\\.(weight|bias)", "blocks.$1.out.$2")
                .rename(block + "mlp\\.fc1\\.(weight|bias)", "blocks.$1.up.$2")
                .rename(block + "mlp\\.fc2\\.(weight|bias)", "blocks.$1.down.$2");
    }
}
