package io.cospace.training.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cospace.encoder.image.Pixels;
import io.cospace.export.ExportException;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.training.Golden;
import io.cospace.training.model.Activation;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.Torch;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trained weights through the exporter: a CLIP tower and an adapter behind a frozen embedder. */
final class BundleExportTest {
    @TempDir Path folder;

    private Path embedder = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void writeEmbedder() throws IOException {
        embedder = Files.createDirectory(folder.resolve("embedder"));
        out = folder.resolve("models/tiny/1");
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.exported("text/bert").resolve(file), embedder.resolve(file));
        }
        String words =
                IntStream.range(0, 120)
                        .mapToObj(i -> "\"w%d\": %d".formatted(i, i))
                        .collect(Collectors.joining(", "));
        Files.writeString(
                embedder.resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "truncation": null, "padding": null,
                 "model": {"type": "WordLevel", "unk_token": "w0", "vocab": {%s}}}
                """
                        .formatted(words));
    }

    @Test
    void a_bundle_gives_the_trained_towers_vectors() throws IOException {
        double cosine = export(2).write(out, samples());
        assertThat(cosine).isGreaterThanOrEqualTo(BundleExport.LEAST_COSINE);
        assertThat(out.resolve("manifest.json")).exists();
        assertThat(children(folder.resolve("models"))).containsExactly("tiny");
    }

    @Test
    void a_bundle_of_another_tower_is_refused_and_not_left_behind() throws IOException {
        // Trained with four heads; the exporter takes heads to be 64 wide, as in all released
        // models.
        BundleExport wrong = export(4);
        BundleExport.Samples samples = samples();
        assertThatThrownBy(() -> wrong.write(out, samples))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("image tower is not the trained one");
        assertThat(out).doesNotExist();
        assertThat(children(folder.resolve("models"))).isEmpty();
    }

    @Test
    void what_the_exporter_says_reaches_the_caller() {
        AlignedModel model = export(2).model();
        BundleExport alone = new BundleExport(model, List.of(), List.of());
        BundleExport.Samples samples = samples();
        assertThatThrownBy(() -> alone.write(out, samples)).hasMessageContaining("text tower");
        assertThat(out).doesNotExist();
    }

    private BundleExport export(int heads) {
        Torch.seed(3);
        Path weights = Golden.exported("image/openai_vit/open_clip_custom_text.safetensors");
        try (TensorSource source = Checkpoint.open(weights)) {
            Parameters image = Parameters.read(source, ClipVision::owns);
            TextProj text =
                    new TextProj(TextProj.random(new TextProj.Sizes(64, 40, 1, 2)), true, 0);
            return new BundleExport(
                    AlignedModel.of(
                            new ClipVision(image, heads, Activation.QUICK_GELU), text, 20, 0),
                    List.of(embedder),
                    List.of("--precision", "fp32"));
        }
    }

    private static BundleExport.Samples samples() {
        Golden.Fixture io = Golden.tensors(Golden.exported("image/openai_vit/io.safetensors"));
        float[] values = io.get("pixel_values").toFloats();
        List<Pixels> images = new ArrayList<>();
        int size = 3 * 32 * 32;
        for (int i = 0; i < values.length / size; i++) {
            float[] one = Arrays.copyOfRange(values, i * size, (i + 1) * size);
            images.add(new Pixels(32, 32, FloatBuffer.wrap(one)));
        }
        return new BundleExport.Samples(images, List.of("w5 w6", "w7", "w8 w9 w10 w11"));
    }

    private static List<String> children(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
