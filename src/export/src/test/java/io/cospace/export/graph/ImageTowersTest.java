package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
