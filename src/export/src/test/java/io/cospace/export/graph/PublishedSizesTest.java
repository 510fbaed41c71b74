package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.Adapter;
import io.cospace.export.graph.Part.ImageTower;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tensors named and shaped as the published files', of which only names and shapes are read: the
 * parts that are recognised have as many parameters as the files' sizes say.
 */
final class PublishedSizesTest {
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    @ParameterizedTest
    @CsvSource({
        // llm2clip/15m/B16.pt, B32.pt and L14.pt: four blocks of expansion 2.
        "768,12,16,14,512,4,2,356815873",
        "768,12,32,7,512,4,2,358472449",
        "1024,24,14,16,768,4,2,575638273",
        // proclip/3m/B16.pt by the code: one block of expansion 8.
        "768,12,16,14,512,1,8,356779009"
    })
    void clip_beside_an_adapter(
            int width,
            int layers,
            int patch,
            int grid,
            int dimensions,
            int blocks,
            int expansion,
            long parameters) {
        clip(width, layers, patch, grid, dimensions);
        adapter("text.text_adaptor.", 4096, blocks, expansion, dimensions);
        add("logit_scale");

        List<Part> parts = Families.recognise(tensors, MissingNode.getInstance());

        assertThat(parameters(parts) + 1).isEqualTo(parameters);
        assertThat(part(parts, Adapter.class).description())
                .contains("%d blocks of expansion %d".formatted(blocks, expansion));
        assertThat(part(parts, Adapter.class).features()).isEqualTo(4096);
        assertThat(part(parts, ImageTower.class).size()).isEqualTo(224);
        assertThat(part(parts, ImageTower.class).dimensions()).isEqualTo(dimensions);
    }

    @Test
    void hugging_face_llm2clip_large_at_336_pixels() {
        huggingFaceClip(1024, 24, 14, 24, 1280);
        adapter("text_adapter.adaptor.", 4096, 4, 2, 1280);
        add("logit_scale");

        List<Part> parts =
                Families.recognise(tensors, JsonMapper.builder().build().createObjectNode());

        assertThat(parameters(parts) + 1).isEqualTo(578_587_905);
        assertThat(part(parts, ImageTower.class).size()).isEqualTo(336);
    }

    @Test
    void eva02_large_at_336_pixels_beside_an_adapter_of_width_2048() {
        eva(1024, 24, 14, 24, 2730, 1280);
        adapter("text.text_adaptor.", 2048, 4, 2, 1280);
        add("logit_scale");

        List<Part> parts = Families.recognise(tensors, MissingNode.getInstance());

        assertThat(parameters(parts) + 1).isEqualTo(374_734_273);
        assertThat(part(parts, ImageTower.class).size()).isEqualTo(336);
        assertThat(part(parts, ImageTower.class).ignored())
                .hasSize(2 + 2 * 24)
                .containsKey("visual.rope.freqs_cos");
    }

    private static <P extends Part> P part(List<Part> parts, Class<P> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
    }

    private long parameters(List<Part> parts) {
        return tensors.entrySet().stream()
                .filter(e -> parts.stream().anyMatch(part -> part.used().contains(e.getKey())))
                .mapToLong(e -> e.getValue().elements())
                .sum();
    }

    private void add(String name, long... shape) {
        tensors.put(name, new TensorInfo(DataType.F32, shape));
    }

    private void layer(String name, long out, long in) {
        add(name + ".weight", out, in);
        add(name + ".bias", out);
    }

    private void norm(String name, long width) {
        add(name + ".weight", width);
        add(name + ".bias", width);
    }

    private void clip(int width, int layers, int patch, long grid, int dimensions) {
        add("visual.class_embedding", width);
        add("visual.positional_embedding", grid * grid + 1, width);
        add("visual.proj", width, dimensions);
        add("visual.conv1.weight", width, 3, patch, patch);
        norm("visual.ln_pre", width);
        norm("visual.ln_post", width);
        for (int i = 0; i < layers; i++) {
            String block = "visual.transformer.resblocks." + i + ".";
            norm(block + "ln_1", width);
            norm(block + "ln_2", width);
            add(block + "attn.in_proj_weight", 3L * width, width);
            add(block + "attn.in_proj_bias", 3L * width);
            layer(block + "attn.out_proj", width, width);
            layer(block + "mlp.c_fc", 4L * width, width);
            layer(block + "mlp.c_proj", width, 4L * width);
        }
    }

    private void huggingFaceClip(int width, int layers, int patch, long grid, int dimensions) {
        add("vision_model.embeddings.class_embedding", width);
        add("vision_model.embeddings.position_embedding.weight", grid * grid + 1, width);
        add("vision_model.embeddings.patch_embedding.weight", width, 3, patch, patch);
        add("visual_projection.weight", dimensions, width);
        norm("vision_model.pre_layrnorm", width);
        norm("vision_model.post_layernorm", width);
        for (int i = 0; i < layers; i++) {
            String block = "vision_model.encoder.layers." + i + ".";
            norm(block + "layer_norm1", width);
            norm(block + "layer_norm2", width);
            for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
                layer(block + "self_attn." + name, width, width);
            }
            layer(block + "mlp.fc1", 4L * width, width);
            layer(block + "mlp.fc2", width, 4L * width);
        }
    }

    private void eva(int width, int layers, int patch, long grid, int inner, int dimensions) {
        add("visual.cls_token", 1, 1, width);
        add("visual.pos_embed", 1, grid * grid + 1, width);
        add("visual.patch_embed.proj.weight", width, 3, patch, patch);
        add("visual.patch_embed.proj.bias", width);
        norm("visual.norm", width);
        layer("visual.head", dimensions, width);
        add("visual.rope.freqs_cos", grid * grid, 64);
        add("visual.rope.freqs_sin", grid * grid, 64);
        for (int i = 0; i < layers; i++) {
            String block = "visual.blocks." + i + ".";
            norm(block + "norm1", width);
            norm(block + "norm2", width);
            layer(block + "attn.q_proj", width, width);
            add(block + "attn.k_proj.weight", width, width);
            layer(block + "attn.v_proj", width, width);
            norm(block + "attn.inner_attn_ln", width);
            layer(block + "attn.proj", width, width);
            add(block + "attn.rope.freqs_cos", grid * grid, 64);
            add(block + "attn.rope.freqs_sin", grid * grid, 64);
            layer(block + "mlp.w1", inner, width);
            layer(block + "mlp.w2", inner, width);
            norm(block + "mlp.ffn_ln", inner);
            layer(block + "mlp.w3", width, inner);
        }
    }

    private void adapter(String prefix, int width, int blocks, int expansion, int dimensions) {
        for (int i = 0; i < blocks; i++) {
            norm(prefix + i + ".ln", width);
            layer(prefix + i + ".fn.0", (long) expansion * width, width);
            layer(prefix + i + ".fn.3", width, (long) expansion * width);
        }
        norm(prefix + blocks, width);
        layer(prefix + (blocks + 1), dimensions, width);
    }
}
