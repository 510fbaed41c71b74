package io.cospace.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.Part.Adapter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextProjHeadTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "adapter/llm2clip,LLM2CLIP_hf_model.safetensors,true,output_l2norm_input_normalized",
        "adapter/llm2clip,LLM2CLIP_hf_model.safetensors,false,output_raw_input_normalized",
        "adapter/proclip,ProCLIP_tiny_legacy.pt,true,output_l2norm_input_normalized",
        "adapter/proclip,ProCLIP_tiny_legacy.pt,false,output_raw_input_normalized"
    })
    void equals_golden(String area, String file, boolean normaliseInput, String output)
            throws IOException, OrtException {
        Golden golden = Golden.of(area);
        JsonNode config = file.contains("hf_model") ? golden.config() : MissingNode.getInstance();
        try (Imported<Adapter> adapter =
                        Imported.of(Adapter.class, golden.folder().resolve(file), config, folder);
                Safetensors io = golden.io()) {
            assertThat(adapter.part().features()).isEqualTo(64);
            assertThat(adapter.part().dimensions()).isEqualTo(40);
            Head head = adapter.part().head().of(adapter.weights(), normaliseInput);
            for (Precision precision : Precision.values()) {
                PrecisionPlan plan = PrecisionPlan.of(precision);
                Path model = GraphFile.write(folder, "adapter", plan, new AdapterNetwork(head));
                try (GraphRunner runner = new GraphRunner(model)) {
                    float[] actual =
                            runner.floats("pooled", io.floats("input"), 5, 64)
                                    .run()
                                    .get("embedding");
                    float[] expected = io.floats(output);
                    if (precision == Precision.FP32) {
                        Golden.assertClose(actual, expected, Golden.TOLERANCE);
                    }
                    Golden.assertCosines(actual, expected, 40, 0.999);
                }
            }
        }
    }
}
