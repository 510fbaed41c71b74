package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Manifest.Score;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat.Pooling;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders as they are published, imported by the command, opened by the encoder: golden vectors.
 */
final class ImportEndToEndTest {
    @TempDir private Path folder;
    private ImportHarness harness = new ImportHarness(Path.of(""));

    @BeforeEach
    void prepare() {
        harness = new ImportHarness(folder);
    }

    @Test
    void imports_a_hugging_face_clip_folder() throws IOException {
        Path clip = harness.clipFolder();
        assertThat(harness.run("import", clip.toString(), "--out", harness.out().toString()))
                .isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("image/openai_vit/io.safetensors");
                TensorSource text = ImportHarness.golden("text/clip/io.safetensors")) {
            Manifest manifest = encoder.bundle().manifest();
            assertThat(manifest.logitScale()).isCloseTo(Math.exp(2.65926f), within(1e-6));
            assertThat(manifest.score()).isEqualTo(Score.SOFTMAX);
            assertThat(manifest.precisions().text().graphs()).containsOnlyKeys("fp32", "int8");
            assertThat(manifest.license()).isEqualTo("MIT");
            ImportHarness.assertImages(encoder, image, "features_normalized");
            long[] ids = text.longs("input_ids");
            List<String> texts =
                    List.of(
                            TinyTokenizer.text(ids, 1, 4),
                            TinyTokenizer.text(ids, 13, 14),
                            TinyTokenizer.text(ids, 25, 35));
            ImportHarness.assertTexts(
                    encoder, texts, ImportHarness.rows(text.floats("features_normalized"), 40));
        }
    }

    @Test
    void imports_vision_with_adapter_and_a_llama_embedder() throws IOException {
        Path llama = harness.llamaFolder();
        Path vision = harness.visionFolder();
        assertThat(
                        harness.run(
                                "import",
                                vision.toString(),
                                llama.toString(),
                                "--out",
                                harness.out().toString()))
                .isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("adapter/llm2clip/tower_io.safetensors");
                TensorSource text =
                        ImportHarness.golden("text/llama_bidirectional/io.safetensors");
                TensorSource weights = Checkpoint.open(vision)) {
            assertThat(encoder.bundle().manifest().text().pooling())
                    .isEqualTo(Pooling.MEAN_AFTER_PREFIX);
            ImportHarness.assertImages(encoder, image, "image_embeds");
            ReferenceAdapter adapter =
                    new ReferenceAdapter(weights, "text_adapter.adaptor.", 4, true);
            long[] ids = text.longs("input_ids_right");
            int[] lengths = {6, 9, 14, 20};
            List<String> texts = new ArrayList<>();
            List<float[]> expected = new ArrayList<>();
            List<float[]> pooled = ImportHarness.rows(text.floats("pooled"), 64);
            for (int i = 0; i < lengths.length; i++) {
                texts.add(TinyTokenizer.text(ids, 20 * i + 4, 20 * i + lengths[i] - 1));
                expected.add(adapter.apply(pooled.get(i)));
            }
            ImportHarness.assertTexts(encoder, texts, expected);
            float[] adapted = encoder.text().adapt(pooled.getFirst());
            assertThat(Vectors.dot(adapted, expected.getFirst())).isGreaterThan(0.99999);
        }
    }

    @Test
    void imports_siglip_2_with_an_adapter_and_a_qwen3_embedder() throws IOException {
        Path qwen = harness.qwenFolder();
        Path adapterFile = folder.resolve("adapter.safetensors");
        ImportHarness.writeAdapter(adapterFile, 64, 144);
        Path siglip = ImportHarness.GOLDEN.resolve("image/siglip2/hf_siglip");
        String[] sources = {siglip.toString(), adapterFile.toString(), qwen.toString()};
        assertThat(
                        harness.run(
                                "import",
                                sources[0],
                                sources[1],
                                sources[2],
                                "--out",
                                harness.out().toString()))
                .isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource image = ImportHarness.golden("image/siglip2/io.safetensors");
                TensorSource text = ImportHarness.golden("text/qwen3/io.safetensors");
                TensorSource weights = Checkpoint.open(adapterFile)) {
            assertThat(encoder.bundle().manifest().image().preprocessing())
                    .isEqualTo(ImageConfig.siglip(32));
            ImportHarness.assertImages(encoder, image, "features_gelu_tanh");
            ReferenceAdapter adapter =
                    new ReferenceAdapter(weights, ImportHarness.ADAPTER, 1, false);
            long[] ids = text.longs("input_ids_right");
            int[] lengths = {6, 9, 14, 20};
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < lengths.length; i++) {
                texts.add(TinyTokenizer.text(ids, 20 * i, 20 * i + lengths[i] - 1));
            }
            List<float[]> last = ImportHarness.rows(text.floats("last_token_right"), 64);
            ImportHarness.assertTexts(encoder, texts, last.stream().map(adapter::apply).toList());
        }
    }

    @Test
    void merges_a_low_rank_adapter_into_the_embedder() throws IOException {
        Path llama = harness.llamaFolder();
        assertThat(
                        harness.run(
                                "import",
                                harness.visionFolder().toString(),
                                llama.toString(),
                                ImportHarness.GOLDEN.resolve("text/llama_lora").toString(),
                                "--precision",
                                "fp32",
                                "--out",
                                harness.out().toString()))
                .isZero();
        try (Encoder encoder = harness.open("fp32");
                TensorSource io = ImportHarness.golden("text/llama_lora/io.safetensors")) {
            long[] ids = io.longs("input_ids");
            String text = TinyTokenizer.text(ids, 64, 79);
            float[] pooled =
                    encoder.text()
                            .pool(
                                    List.of(encoder.text().tokenize(text, Task.DOCUMENT)),
                                    Width.NARROW)
                            .getFirst();
            float[] expected = ImportHarness.rows(io.floats("pooled"), 64).get(3);
            assertThat(Vectors.dot(Vectors.normalise(pooled), Vectors.normalise(expected)))
                    .isGreaterThan(0.99999);
        }
    }
}
