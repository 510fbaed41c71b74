package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part.ImageTower;
import io.cospace.export.graph.Part.TextTower;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FamiliesTest {
    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final JsonNode NONE = MissingNode.getInstance();

    @TempDir Path folder;

    @Test
    void an_embedder_whose_word_table_is_stored_in_few_bits_is_one() throws IOException {
        JsonNode config =
                JsonMapper.builder()
                        .build()
                        .readTree(
                                """
                                {"model_type": "bert", "hidden_act": "gelu", "layer_norm_eps": 1e-12,
                                 "num_attention_heads": 12, "num_hidden_layers": 12,
                                 "position_embedding_type": "absolute"}
                                """);
        Path bundle = ROOT.resolve("models/mini-multilingual/2/text.safetensors");
        try (Safetensors file = Safetensors.open(bundle)) {
            List<Part> parts = Families.recognise(infos(file), config);
            assertThat(parts)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            TextTower.class,
                            tower -> {
                                assertThat(tower.features()).isEqualTo(384);
                                assertThat(tower.maxTokens()).isEqualTo(512);
                                assertThat(tower.used())
                                        .containsExactlyInAnyOrderElementsOf(file.names());
                            });
        }
    }

    @Test
    void an_efficient_net_is_a_tower_with_a_trained_head_and_a_classifier_alone_is_none() {
        try (Safetensors file = TinyEfficientNet.write(folder.resolve("tiny.safetensors"))) {
            Map<String, TensorInfo> infos = infos(file);
            infos.put("classifier.weight", new TensorInfo(DataType.F32, 5, 20));
            infos.put("classifier.bias", new TensorInfo(DataType.F32, 5));
            assertThat(Families.recognise(infos, NONE)).isEmpty();
            infos.put("mean", new TensorInfo(DataType.F32, 60));
            infos.put("deviation", new TensorInfo(DataType.F32, 60));
            infos.put("targets", new TensorInfo(DataType.F32, 5, 7));
            infos.put("residual.weight", new TensorInfo(DataType.F32, 7, 60));
            infos.put("residual.bias", new TensorInfo(DataType.F32, 7));
            assertThat(Families.recognise(infos, NONE))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ImageTower.class,
                            tower -> {
                                assertThat(tower.dimensions()).isEqualTo(7);
                                assertThat(tower.used()).isEqualTo(infos.keySet());
                            });
        }
    }

    private static Map<String, TensorInfo> infos(Safetensors file) {
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        file.names().forEach(name -> infos.put(name, file.info(name)));
        return infos;
    }
}
