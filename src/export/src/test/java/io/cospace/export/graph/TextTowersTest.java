package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.Part.Pooling;
import io.cospace.export.graph.Part.TextTower;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every text family in every spelling against golden, each row of the batch. */
final class TextTowersTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Tokens of the golden LLM2CLIP wrap before the caption. */
    private static final int PREFIX = 4;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "text/clip,hf_text/model.safetensors,input_ids",
        "text/clip,hf_text/model.safetensors,input_ids_eot_padded",
        "image/openai_vit,openai_torchscript.pt,input_ids",
        "image/openai_vit,open_clip_custom_text.safetensors,input_ids"
    })
    void clip_equals_golden(String area, String file, String ids) throws IOException, OrtException {
        JsonNode config =
                file.startsWith("hf")
                        ? json(Golden.of(area), "hf_text/config.json")
                        : MAPPER.createObjectNode().put("quick_gelu", true);
        try (Imported<TextTower> tower = imported(Golden.of(area), file, config);
                Safetensors io = Golden.of("text/clip").io()) {
            Batch batch = Batch.untilLargest(io, ids);
            assertEqual(tower, batch, Pooling.LAST, 0, "", io.floats("features_normalized"), io);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors,text/xlmr",
        "model_roberta_prefix.safetensors,text/xlmr",
        "model.safetensors,text/bert"
    })
    void bert_and_xlmr_equal_golden(String file, String area) throws IOException, OrtException {
        Golden golden = Golden.of(area);
        try (Imported<TextTower> tower = imported(golden, file, golden.config());
                Safetensors io = golden.io()) {
            assertThat(tower.unknown()).isEmpty();
            Batch batch = Batch.of(io, "input_ids", "attention_mask");
            float[] embedding = io.floats("embedding");
            assertEqual(tower, batch, Pooling.MEAN, 0, "mean_pooled", embedding, io);
        }
    }

    @Test
    void bert_read_at_its_first_token_equals_golden() throws IOException, OrtException {
        Golden golden = Golden.of("text/bert");
        try (Imported<TextTower> tower = imported(golden, "model.safetensors", golden.config());
                Safetensors io = golden.io()) {
            Batch batch = Batch.of(io, "input_ids", "attention_mask");
            float[] embedding = io.floats("cls_embedding");
            assertEqual(tower, batch, Pooling.FIRST, 0, "", embedding, io);
        }
    }

    @ParameterizedTest
    @CsvSource({"config.json,", "config.json,_right", "config_v4.json,"})
    void bidirectional_llama_equals_golden_without_the_prefix(String config, String side)
            throws IOException, OrtException {
        Golden golden = Golden.of("text/llama_bidirectional");
        ObjectNode json = ((ObjectNode) json(golden, config)).put("bidirectional", true);
        try (Imported<TextTower> tower = imported(golden, "model.safetensors", json);
                Safetensors io = golden.io()) {
            String suffix = side == null ? "" : side;
            Batch batch = Batch.of(io, "input_ids" + suffix, "attention_mask" + suffix);
            float[] embedding = io.floats("embedding");
            assertEqual(tower, batch, Pooling.MEAN, PREFIX, "pooled" + suffix, embedding, io);
        }
    }

    @Test
    void the_prefix_would_change_the_mean() throws IOException, OrtException {
        Golden golden = Golden.of("text/llama_bidirectional");
        ObjectNode json = ((ObjectNode) golden.config()).put("bidirectional", true);
        try (Imported<TextTower> tower = imported(golden, "model.safetensors", json);
                Safetensors io = golden.io()) {
            Batch batch = Batch.of(io, "input_ids", "attention_mask");
            float[] pooled =
                    run(tower, Precision.FP32, TextLayout.PADDED, batch, Pooling.MEAN, 0)
                            .get("pooled");
            Golden.assertClose(pooled, io.floats("pooled_with_prefix_WRONG"), Golden.TOLERANCE);
        }
    }

    @Test
    void the_same_llama_with_its_causal_mask_equals_golden() throws IOException, OrtException {
        Golden golden = Golden.of("text/llama_bidirectional");
        try (Imported<TextTower> tower = imported(golden, "model.safetensors", golden.config());
                Safetensors io = golden.io()) {
            Batch batch = Batch.of(io, "input_ids", "attention_mask");
            float[] pooled =
                    run(tower, Precision.FP32, TextLayout.PADDED, batch, Pooling.MEAN, PREFIX)
                            .get("pooled");
            Golden.assertClose(pooled, io.floats("causal_pooled"), Golden.TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"config.json", "config_v4.json"})
    void causal_llama_with_scaled_rotation_equals_golden(String config)
            throws IOException, OrtException {
        Golden golden = Golden.of("text/llama_causal_scaled");
        String file = "model.safetensors.index.json";
        try (Imported<TextTower> tower = imported(golden, file, json(golden, config));
                Safetensors io = golden.io()) {
            assertThat(tower.unknown()).isEmpty();
            assertThat(tower.part().ignored()).containsOnlyKeys("lm_head.weight");
            Batch batch = Batch.of(io, "input_ids", "attention_mask");
            float[] embedding = io.floats("last_token_embedding");
            assertEqual(tower, batch, Pooling.LAST, 0, "last_token", embedding, io);
            float[] mean =
                    run(tower, Precision.FP32, TextLayout.PADDED, batch, Pooling.MEAN, 0)
                            .get("pooled");
            Golden.assertClose(mean, io.floats("mean_pooled"), Golden.TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"config.json,left", "config.json,right", "config_v4.json,left"})
    void qwen3_equals_golden(String config, String side) throws IOException, OrtException {
        Golden golden = Golden.of("text/qwen3");
        try (Imported<TextTower> tower =
                        imported(golden, "model.safetensors", json(golden, config));
                Safetensors io = golden.io()) {
            assertThat(tower.unknown()).isEmpty();
            Batch batch = Batch.of(io, "input_ids_" + side, "attention_mask_" + side);
            float[] embedding = io.floats("embedding");
            assertEqual(tower, batch, Pooling.LAST, 0, "last_token_" + side, embedding, io);
        }
    }

    @Test
    void siglip_text_equals_a_plain_computation_in_double_precision() throws OrtException {
        Path checkpoint = folder.resolve("siglip.safetensors");
        ObjectNode config = MAPPER.createObjectNode();
        config.putObject("text_config").put("num_attention_heads", TinySiglipText.HEADS);
        List<long[]> texts =
                List.of(
                        new long[] {7, 1},
                        new long[] {9, 30, 21, 4, 1},
                        new long[] {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 1});
        try (Safetensors file = TinySiglipText.write(checkpoint);
                Imported<TextTower> tower =
                        Imported.of(TextTower.class, checkpoint, config, folder)) {
            TinySiglipText plain = new TinySiglipText(file, 1);
            float[] expected = new float[texts.size() * TinySiglipText.DIMENSIONS];
            for (int i = 0; i < texts.size(); i++) {
                System.arraycopy(
                        plain.embedding(texts.get(i)),
                        0,
                        expected,
                        i * TinySiglipText.DIMENSIONS,
                        TinySiglipText.DIMENSIONS);
            }
            assertThat(tower.unknown()).isEmpty();
            assertThat(tower.part().maxTokens()).isEqualTo(TinySiglipText.CONTEXT);
            assertEqual(tower, new Batch(texts), Pooling.LAST, 0, "", expected, file);
        }
    }

    @Test
    void rotary_frequencies_equal_the_released_models() {
        double[] llama3 = RotaryAngles.plain(5e5, 128);
        try (Safetensors io =
                Safetensors.open(Golden.of("text").folder().resolve("rope_inv_freq.safetensors"))) {
            assertFrequencies(llama3, io, "llama3_8b");
            assertFrequencies(RotaryAngles.plain(1e6, 128), io, "qwen3");
            assertFrequencies(RotaryAngles.llama3(llama3, 8, 1, 4, 8192), io, "llama31_8b");
            assertFrequencies(
                    RotaryAngles.llama3(RotaryAngles.plain(5e5, 64), 32, 1, 4, 8192),
                    io,
                    "llama32_1b");
        }
    }

    private static void assertFrequencies(double[] actual, Safetensors io, String name) {
        float[] expected = io.floats(name);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((float) actual[i]).isCloseTo(expected[i], within(1e-7f * expected[i]));
        }
    }

    private void assertEqual(
            Imported<TextTower> tower,
            Batch batch,
            Pooling pooling,
            int skip,
            String pooledName,
            float[] embedding,
            Safetensors io)
            throws OrtException {
        for (Precision precision : Precision.values()) {
            for (TextLayout layout : TextLayout.values()) {
                GraphRunner.Outputs outputs = run(tower, precision, layout, batch, pooling, skip);
                if (precision == Precision.FP32) {
                    Golden.assertClose(outputs.get("embedding"), embedding, Golden.TOLERANCE);
                    if (!pooledName.isEmpty()) {
                        Golden.assertClose(
                                outputs.get("pooled"), io.floats(pooledName), Golden.TOLERANCE);
                    }
                }
                int width = embedding.length / batch.texts().size();
                double least = precision == Precision.INT8_FAST ? 0.99 : 0.998;
                Golden.assertCosines(outputs.get("embedding"), embedding, width, least);
            }
        }
    }

    private GraphRunner.Outputs run(
            Imported<TextTower> tower,
            Precision precision,
            TextLayout layout,
            Batch batch,
            Pooling pooling,
            int skip)
            throws OrtException {
        Weights weights = tower.weights();
        Head head = tower.part().head().apply(weights);
        Network network = tower.part().network().of(weights, layout, pooling, skip, head);
        Path model = GraphFile.write(folder, "text", PrecisionPlan.of(precision), network);
        try (GraphRunner runner = new GraphRunner(model)) {
            return batch.feed(runner, layout).run();
        }
    }

    private Imported<TextTower> imported(Golden golden, String file, JsonNode config) {
        return Imported.of(TextTower.class, golden.folder().resolve(file), config, folder);
    }

    private static JsonNode json(Golden golden, String file) throws IOException {
        return MAPPER.readTree(golden.folder().resolve(file).toFile());
    }
}
