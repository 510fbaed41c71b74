package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.graph.Part.ImageTower;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every image family in every spelling against golden, each row of the batch. */
final class ImageTowersTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "openai_torchscript.pt,,features_normalized,''",
        "open_clip_custom_text.safetensors,true,features_normalized,logit_scale",
        "open_clip_custom_text.safetensors,false,features_gelu_normalized,logit_scale",
        "hf_vision/model.safetensors,,features_normalized,''"
    })
    void clip_equals_golden(String file, Boolean quickGelu, String output, String unknown)
            throws IOException, OrtException {
        Golden golden = Golden.of("image/openai_vit");
        ObjectNode config = MAPPER.createObjectNode();
        if (quickGelu != null) {
            config.put("quick_gelu", quickGelu);
        }
        JsonNode used = file.startsWith("hf") ? config(golden, "hf_vision/config.json") : config;
        assertEqual(golden, file, used, output);
        assertUnknown(golden, file, used, unknown);
    }

    @Test
    void lift_equals_golden() throws IOException, OrtException {
        Golden golden = Golden.of("image/lift_vit");
        JsonNode config = MAPPER.createObjectNode().put("heads", 2);
        assertEqual(golden, "lift_checkpoint.pt", config, "features_normalized");
    }

    @ParameterizedTest
    @CsvSource({
        "g4_pt4,eva02_visual.pt",
        "g4_pt4,open_clip_timm_trunk.safetensors",
        "g6_pt4,eva_clip_original_qbias.safetensors",
        "g8_pt16,eva02_visual.safetensors"
    })
    void eva02_equals_golden_on_every_grid(String grid, String file)
            throws IOException, OrtException {
        Golden golden = Golden.of("image/eva02/" + grid);
        JsonNode config = golden.config();
        assertEqual(golden, file, config, "features_normalized");
        assertUnknown(golden, file, config, "");
    }

    @ParameterizedTest
    @CsvSource({
        "timm_trunk.safetensors,gelu,features_normalized",
        "timm_trunk.safetensors,gelu_pytorch_tanh,features_gelu_tanh_normalized",
        "hf_siglip/model.safetensors,gelu_pytorch_tanh,features_gelu_tanh_normalized",
        "hf_siglip/model.safetensors,gelu,features_normalized"
    })
    void siglip2_equals_golden(String file, String activation, String output)
            throws IOException, OrtException {
        Golden golden = Golden.of("image/siglip2");
        JsonNode config = ((ObjectNode) golden.config()).put("hidden_act", activation);
        assertEqual(golden, file, config, output);
        assertUnknown(golden, file, config, "logit_bias");
    }

    @Test
    void siglip2_with_a_linear_patch_embedding_equals_golden() throws IOException, OrtException {
        Golden golden = Golden.of("image/siglip2");
        Path joined = folder.resolve("naflex.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        try (Safetensors model =
                        Safetensors.open(golden.folder().resolve("hf_siglip/model.safetensors"));
                Safetensors embeddings =
                        Safetensors.open(
                                golden.folder()
                                        .resolve("hf_siglip2_naflex_embeddings.safetensors"))) {
            for (String name : model.names()) {
                writer.add(name, embeddings.names().contains(name) ? embeddings : model);
            }
            writer.write(joined);
        }
        JsonNode config = config(golden, "hf_siglip/config.json");
        assertEqual(golden, joined.toString(), config, "features_gelu_tanh_normalized");
    }

    /** Positions of 4 x 4 or 2 x 2 patches brought to 6 x 6 or 3 x 3, each as its origin does. */
    @ParameterizedTest
    @CsvSource({
        "image/openai_vit/hf_vision/model.safetensors,{\"num_attention_heads\":2},48,clip_hf",
        "image/openai_vit/open_clip_custom_text.safetensors,{\"quick_gelu\":true;\"vision_cfg\":{}},48,clip_open_clip",
        "image/openai_vit/open_clip_custom_text.safetensors,{\"quick_gelu\":true;\"vision_cfg\":{}},24,clip_open_clip_smaller",
        "adapter/proclip/ProCLIP_tiny_legacy.pt,{},24,proclip",
        "image/eva02/g4_pt4/eva02_visual.pt,{\"pt_hw_seq_len\":4},48,eva",
        "image/eva02/g4_pt4/open_clip_timm_trunk.safetensors,{\"pt_hw_seq_len\":4},48,eva_timm",
        "image/siglip2/hf_siglip/model.safetensors,{\"num_attention_heads\":2},48,siglip_hf",
        "image/siglip2/timm_trunk.safetensors,{\"hidden_act\":\"gelu\";\"heads\":2},24,siglip_timm"
    })
    void images_of_another_size_equal_golden(String file, String json, int size, String name)
            throws IOException, OrtException {
        ObjectNode config = (ObjectNode) MAPPER.readTree(json.replace(';', ','));
        config.put("image_size", size);
        if (config.path("vision_cfg") instanceof ObjectNode settings) {
            settings.put("image_size", size);
        }
        Path checkpoint = Golden.of(file).folder();
        try (Imported<ImageTower> tower =
                        Imported.of(ImageTower.class, checkpoint, config, folder);
                Safetensors io =
                        Safetensors.open(Golden.of("image/resized.safetensors").folder())) {
            assertThat(tower.part().size()).isEqualTo(size);
            assertThat(tower.part().description()).contains("resized to");
            float[] pixels = io.floats(name + ".pixel_values");
            float[] expected = io.floats(name + ".embedding");
            Golden.assertClose(run(tower, Precision.FP32, pixels), expected, Golden.TOLERANCE);
        }
    }

    /** Acceptance test 2 of the recipes: one model in two layouts, and the flag that matters. */
    @Test
    void clip_of_either_layout_is_the_same_and_its_activation_matters()
            throws IOException, OrtException {
        Golden golden = Golden.of("image/openai_vit");
        JsonNode plain = MAPPER.createObjectNode().put("quick_gelu", false);
        try (Safetensors io = golden.io()) {
            float[] pixels = io.floats("pixel_values");
            float[] original =
                    embed(golden, "openai_torchscript.pt", MissingNode.getInstance(), pixels);
            JsonNode hf = config(golden, "hf_vision/config.json");
            float[] other = embed(golden, "hf_vision/model.safetensors", hf, pixels);
            float[] exact = embed(golden, "open_clip_custom_text.safetensors", plain, pixels);
            Golden.assertClose(other, original, 1e-5);
            assertThatThrownBy(() -> Golden.assertClose(exact, original, 1e-3))
                    .isInstanceOf(AssertionError.class);
        }
    }

    private float[] embed(Golden golden, String file, JsonNode config, float[] pixels)
            throws OrtException {
        try (Imported<ImageTower> tower = imported(golden, file, config)) {
            return run(tower, Precision.FP32, pixels);
        }
    }

    /** Acceptance test 3: place p of a grid of 24 turns as p * 2 / 3 of the trained 16 did. */
    @Test
    void eva02_positions_are_squeezed_to_the_grid_that_they_were_trained_on() {
        double[] frequencies = RotaryAngles.plain(10_000, 32);
        double[] same = EvaVisionTransformer.angles(16, 16, 32);
        double[] squeezed = EvaVisionTransformer.angles(24, 16, 32);
        int pairs = 32;
        for (int k = 0; k < pairs; k++) {
            double frequency = frequencies[k % 16];
            for (int p = 0; p < 16; p++) {
                int place = k < 16 ? p * 16 : p;
                assertThat(same[place * pairs + k]).isCloseTo(p * frequency, within(1e-12));
            }
            for (int p = 0; p < 24; p++) {
                int place = k < 16 ? p * 24 : p;
                assertThat(squeezed[place * pairs + k])
                        .isCloseTo(p * 2 / 3.0 * frequency, within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "adapter/llm2clip,LLM2CLIP_hf_model.safetensors",
        "adapter/proclip,ProCLIP_tiny_legacy.pt"
    })
    void towers_beside_an_adapter_equal_golden(String area, String file)
            throws IOException, OrtException {
        Golden golden = Golden.of(area);
        JsonNode config = file.contains("hf_model") ? golden.config() : MissingNode.getInstance();
        try (Imported<ImageTower> tower = imported(golden, file, config);
                Safetensors io =
                        Safetensors.open(golden.folder().resolve("tower_io.safetensors"))) {
            assertThat(tower.unknown()).containsExactly("logit_scale");
            float[] actual = run(tower, Precision.FP32, io.floats("pixel_values"));
            Golden.assertClose(actual, io.floats("image_embeds"), Golden.TOLERANCE);
        }
    }

    @Test
    void clip_without_a_word_on_its_activation_is_refused() {
        Path file =
                Golden.of("image/openai_vit").folder().resolve("open_clip_custom_text.safetensors");
        JsonNode none = MissingNode.getInstance();
        assertThatThrownBy(() -> Imported.of(ImageTower.class, file, none, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("quick_gelu");
    }

    private void assertEqual(Golden golden, String file, JsonNode config, String output)
            throws OrtException {
        try (Imported<ImageTower> tower = imported(golden, file, config);
                Safetensors io = golden.io()) {
            float[] expected = io.floats(output);
            for (Precision precision : Precision.values()) {
                float[] actual = run(tower, precision, io.floats("pixel_values"));
                if (precision == Precision.FP32) {
                    Golden.assertClose(actual, expected, Golden.TOLERANCE);
                }
                Golden.assertCosines(actual, expected, tower.part().dimensions(), 0.999);
            }
        }
    }

    private void assertUnknown(Golden golden, String file, JsonNode config, String unknown) {
        try (Imported<ImageTower> tower = imported(golden, file, config)) {
            assertThat(tower.unknown())
                    .filteredOn(name -> !unknown.contains(name))
                    .isSubsetOf("input_resolution", "context_length", "vocab_size", "logit_scale");
        }
    }

    private Imported<ImageTower> imported(Golden golden, String file, JsonNode config) {
        return Imported.of(ImageTower.class, golden.folder().resolve(file), config, folder);
    }

    private float[] run(Imported<ImageTower> tower, Precision precision, float[] pixels)
            throws OrtException {
        Network network = tower.part().network().apply(tower.weights());
        Path model = GraphFile.write(folder, "image", PrecisionPlan.of(precision), network);
        int size = tower.part().size();
        try (GraphRunner runner = new GraphRunner(model)) {
            int images = pixels.length / (3 * size * size);
            return runner.floats("pixels", pixels, images, 3, size, size).run().get("embedding");
        }
    }

    private static JsonNode config(Golden golden, String file) throws IOException {
        return MAPPER.readTree(golden.folder().resolve(file).toFile());
    }
}
