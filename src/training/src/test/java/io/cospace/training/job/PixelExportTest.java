package io.cospace.training.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.training.Golden;
import io.cospace.training.Main;
import io.cospace.training.model.Activation;
import io.cospace.training.model.Chain;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.EfficientNetLite;
import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.GridFeatures;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Tensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a job's file to a bundle whose vectors are those of the trained modules. */
@Timeout(600)
final class PixelExportTest {
    private static final double CLOSE = 0.99999;

    @TempDir private static Path folder;
    private static TinyJob job;
    private static Path config;

    @BeforeAll
    static void write_job() throws IOException {
        job = TinyJob.in(folder);
        config = job.config();
    }

    @Test
    void a_trained_transformer_is_served_as_it_was_trained() throws IOException {
        Path bundle = folder.resolve("out/clip/1");
        assertThat(run(folder.resolve("clip"), bundle)).isEmpty();
        Golden.Fixture trained = checkpoint(folder.resolve("clip"));
        Tower image =
                new ClipVision(part(trained, "image/", ClipVision::owns), 2, Activation.QUICK_GELU);
        assertSame(bundle, image, trained);
        JsonNode record = json(bundle.resolve("run.json"));
        assertThat(record.path("least_cosine_to_trained").asDouble()).isGreaterThan(CLOSE);
        assertThat(record.path("config").asText()).contains("tower: clip");
        assertThat(record.path("metrics").properties()).isNotEmpty();
        assertThat(record.path("import").path("adapter_input").asText()).isEqualTo("unit");
        assertThat(bundle.resolve("report.html")).isNotEmptyFile();
        assertThat(json(folder.resolve("clip/proclip-11-001/run.json")).path("export"))
                .isNotEmpty();
    }

    @Test
    void trained_convolutions_are_served_as_they_were_trained() throws IOException {
        Path bundle = folder.resolve("out/convolutions/1");
        Path weights = TinyConvolutions.weights(folder.resolve("convolutions.safetensors"));
        Path classes = TinyConvolutions.classes(folder.resolve("classes.json"));
        String[] changes = {
            "image.tower=efficientnet-lite",
            "image.weights=" + weights,
            "teacher.classes=" + classes,
            "teacher.dimensions=8"
        };
        assertThat(run(folder.resolve("convolutions"), bundle, changes)).isEmpty();
        Golden.Fixture trained = checkpoint(folder.resolve("convolutions"));
        EfficientNetLite backbone =
                new EfficientNetLite(
                        part(trained, "image/", EfficientNetLite::owns),
                        EfficientNetLite.Border.SAME,
                        1e-3);
        FeatureHead head =
                new FeatureHead(part(trained, "image/", Predicate.not(EfficientNetLite::owns)));
        assertSame(bundle, new Chain(new GridFeatures(backbone), head), trained);
    }

    @Test
    void a_head_over_kept_features_is_served_behind_its_frozen_tower() throws IOException {
        Path bundle = folder.resolve("out/features/1");
        Path weights = TinyConvolutions.weights(folder.resolve("frozen.safetensors"));
        Path classes = TinyConvolutions.classes(folder.resolve("frozen.json"));
        String[] changes = {
            "recipe=llm2clip",
            "image.tower=features",
            "image.weights=" + weights,
            "teacher.classes=" + classes,
            "teacher.dimensions=8"
        };
        // The exporter itself compares with the trained towers and refuses others.
        assertThat(run(folder.resolve("features"), bundle, changes)).isEmpty();
        Encoder.open(bundle, settings()).close();
    }

    @Test
    void another_embedder_than_the_one_trained_with_is_refused() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.copy(job.embedder().resolve("config.json"), other.resolve("config.json"));
        Files.copy(job.embedder().resolve("tokenizer.json"), other.resolve("tokenizer.json"));
        SafetensorsWriter writer = new SafetensorsWriter();
        Golden.tensors(job.embedder().resolve("model.safetensors"))
                .all()
                .forEach((name, tensor) -> {
                    float[] values = tensor.toFloats();
                    for (int i = 0; name.contains("word_embeddings") && i < values.length; i++) {
                        values[i] *= 1 + .1f * (i % 3);
                    }
                    writer.add(name, values, tensor.shape());
                });
        writer.write(other.resolve("model.safetensors"));
        Path bundle = folder.resolve("out/other/1");
        assertThat(run(folder.resolve("other-runs"), bundle, "export.embedder=" + other))
                .contains("the bundle's embedder tower is not the trained one");
        assertThat(bundle).doesNotExist();
    }

    @Test
    void what_cannot_be_exported_is_refused_before_the_first_step() {
        Path runs = folder.resolve("refused");
        Path bundle = folder.resolve("out/none/1");
        assertThat(run(runs, job.bundle())).contains("export.bundle: ").contains(" exists;");
        assertThat(run(runs, bundle, "export.embedder=")).contains("export.embedder is empty");
        assertThat(run(runs, bundle, "recipe=clip")).contains("no bundle holds recipe 'clip'");
        assertThat(run(runs, bundle, "export.text_precision=int8"))
                .contains("export.text_precision is [int8]; fp32 must be among them");
        assertThat(run(runs, bundle, "export.image_precision=fp64"))
                .contains("export.image_precision has 'fp64'; known: [fp32,");
        assertThat(runs).doesNotExist();
    }

    private static void assertSame(Path bundle, Tower image, Golden.Fixture trained)
            throws IOException {
        byte[] picture = Files.readAllBytes(folder.resolve("test/p103.png"));
        Tower adapter = new TextProj(part(trained, "text/", TextProj::owns), true, 0);
        try (Encoder served = Encoder.open(bundle, settings());
                Encoder frozen = Encoder.open(job.bundle(), settings())) {
            Pixels pixels = served.image().prepare(picture);
            FloatBuffer floats = pixels.values();
            float[] values = new float[floats.remaining()];
            floats.get(values);
            long side = pixels.height();
            assertCosine(
                    served.image().embed(List.of(pixels), Width.NARROW).getFirst(),
                    image.forward(Tensors.of(values, 1, 3, side, side), false).unit().toFloats());
            TokenizedText text = served.text().tokenize("w12 w40", Task.DOCUMENT);
            float[] row =
                    frozen.text()
                            .pool(
                                    List.of(frozen.text().tokenize("w12 w40", Task.DOCUMENT)),
                                    Width.NARROW)
                            .getFirst();
            assertCosine(
                    served.text().embed(List.of(text), Width.NARROW).getFirst(),
                    adapter.forward(Tensors.of(row, 1, row.length), false).unit().toFloats());
        }
    }

    private static void assertCosine(float[] served, float[] trained) {
        assertThat(served).hasSameSizeAs(trained);
        assertThat(Vectors.dot(served, trained)).isGreaterThan(CLOSE);
    }

    private static Parameters part(Golden.Fixture trained, String prefix, Predicate<String> owned) {
        Parameters part = new Parameters();
        trained.all()
                .forEach((name, tensor) -> {
                    if (name.startsWith(prefix) && owned.test(name.substring(prefix.length()))) {
                        part.add(name.substring(prefix.length()), tensor);
                    }
                });
        return part;
    }

    private static Golden.Fixture checkpoint(Path runs) {
        return Golden.tensors(
                runs.resolve("proclip-11-001/checkpoints/align-00000003.safetensors"));
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.builder().build().readTree(file.toFile());
    }

    private static EncoderSettings settings() {
        return new EncoderSettings(new Device.Cpu(), "fp32", 1, Verification.FULL);
    }

    /** What the command said where it failed; empty if it did not. */
    private static String run(Path runs, Path bundle, String... changes) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--config",
                                config.toString(),
                                "runs=" + runs,
                                "stages=[cache, inherit, align, evaluate, export]",
                                "align.steps=3",
                                "export.bundle=" + bundle,
                                "export.embedder=" + job.embedder(),
                                "export.text_precision=[fp32]"));
        all.addAll(List.of(changes));
        StringWriter told = new StringWriter();
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(new StringWriter()))
                        .setErr(new PrintWriter(told))
                        .execute(all.toArray(String[]::new));
        return code == 0 ? "" : told.toString();
    }
}
