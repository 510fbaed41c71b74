package io.cospace.export.graph;

import ai.onnxruntime.OrtException;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AffineHeadTest {
    @TempDir Path folder;

    @Test
    void normalises_subtracts_the_mean_multiplies_and_normalises() throws OrtException {
        SafetensorsWriter tensors = new SafetensorsWriter();
        tensors.add("mean", new float[] {0.1f, 0.3f}, 2);
        tensors.add("matrix", new float[] {1, 0, 0, 2, 1, 1}, 3, 2);

        float[] e = run(tensors, true, new float[] {30, 40});

        // n(x) = (.6, .8); minus mean (.5, .5); times M (.5, 1, 1); length 1.5.
        Golden.assertClose(e, new float[] {1 / 3f, 2 / 3f, 2 / 3f}, 1e-6);
    }

    @Test
    void takes_raw_features_and_needs_no_mean() throws OrtException {
        SafetensorsWriter tensors = new SafetensorsWriter();
        tensors.add("matrix", new float[] {1, 0, 0, 2}, 2, 2);

        Golden.assertClose(run(tensors, false, new float[] {30, 20}), new float[] {.6f, .8f}, 1e-6);
    }

    @Test
    void gives_the_same_inside_a_tower_and_as_a_graph_of_its_own()
            throws IOException, OrtException {
        float[] matrix = EfficientNetLiteTest.random(new java.util.SplittableRandom(1), 64 * 8, 1);
        new SafetensorsWriter()
                .add("matrix", matrix, 8, 64)
                .add("mean", new float[64], 64)
                .write(folder.resolve("adapter.safetensors"));
        Golden golden = Golden.of("text/bert");
        try (Safetensors file = golden.weights("model.safetensors", folder);
                Safetensors adapter = Safetensors.open(folder.resolve("adapter.safetensors"));
                Safetensors io = golden.io()) {
            Head head = new AffineHead(Weights.of(adapter), true);
            BertTower tower =
                    new BertTower(
                            BertConfig.of(golden.config()),
                            Weights.of(file),
                            TextLayout.PADDED,
                            head);
            Path text = GraphFile.write(folder, "text", tower);
            Path alone = GraphFile.write(folder, "adapter", new AdapterNetwork(head));
            try (GraphRunner whole = new GraphRunner(text);
                    GraphRunner tail = new GraphRunner(alone)) {
                GraphRunner.Outputs outputs = Batch.of(io).feed(whole, TextLayout.PADDED).run();
                float[] again =
                        tail.floats("pooled", outputs.get("pooled"), 4, 64).run().get("embedding");

                Golden.assertClose(again, outputs.get("embedding"), 1e-7);
            }
        }
    }

    private float[] run(SafetensorsWriter tensors, boolean normalise, float[] pooled)
            throws OrtException {
        tensors.write(folder.resolve("adapter.safetensors"));
        try (Safetensors file = Safetensors.open(folder.resolve("adapter.safetensors"))) {
            Head head = new AffineHead(Weights.of(file), normalise);
            Path model = GraphFile.write(folder, "adapter", new AdapterNetwork(head));
            try (GraphRunner runner = new GraphRunner(model)) {
                return runner.floats("pooled", pooled, 1, pooled.length).run().get("embedding");
            }
        }
    }
}
