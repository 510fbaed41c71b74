package io.cospace.training.job;

import io.cospace.encoder.image.Pixels;
import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.training.Golden;
import io.cospace.training.align.AlignedModel;
import io.cospace.training.align.BundleExport;
import io.cospace.training.data.Shapes;
import io.cospace.training.model.Activation;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.Torch;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A job of seconds: painted pictures named by words that a tiny embedder knows, and a tiny vision
 * transformer of the exporter's fixtures (32 px, 40 dimensions).
 *
 * @param folder that holds all of it
 */
public record TinyJob(Path folder) {
    static final int PICTURES = 24;

    /** Place of a picture that cannot be decoded. */
    static final int BROKEN = 5;

    /** Writes embedder, bundle, pictures. */
    public static TinyJob in(Path folder) throws IOException {
        TinyJob job = new TinyJob(folder);
        job.writeEmbedder();
        job.writeBundle();
        job.writePictures("train", 0, PICTURES);
        job.writePictures("test", 100, 8);
        Path broken = folder.resolve("train/" + name(BROKEN) + ".png");
        Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 60));
        return job;
    }

    static Path tower() {
        return Golden.exported("image/openai_vit/open_clip_custom_text.safetensors");
    }

    Path embedder() {
        return folder.resolve("embedder");
    }

    Path bundle() {
        return folder.resolve("models/tiny/1");
    }

    private static String name(int number) {
        return "p%03d".formatted(number);
    }

    private void writePictures(String set, int first, int count) throws IOException {
        Path out = Files.createDirectory(folder.resolve(set));
        for (int i = 0; i < count; i++) {
            Files.write(
                    out.resolve(name(first + i) + ".png"),
                    Shapes.png(Shapes.picture(first + i, 40)));
            Files.writeString(
                    out.resolve(name(first + i) + ".txt"),
                    "w%d w%d".formatted(10 + i % 12, 30 + i));
        }
    }

    private void writeEmbedder() throws IOException {
        Files.createDirectory(embedder());
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.exported("text/bert").resolve(file), embedder().resolve(file));
        }
        String words =
                IntStream.range(0, 120)
                        .mapToObj(i -> "\"w%d\": %d".formatted(i, i))
                        .collect(Collectors.joining(", "));
        Files.writeString(
                embedder().resolve("tokenizer.json"),
                """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "truncation": null, "padding": null,
                 "model": {"type": "WordLevel", "unk_token": "w0", "vocab": {%s}}}
                """
                        .formatted(words));
    }

    /** The tower with a random adapter: gives text vectors, and is a teacher of stage 1. */
    private void writeBundle() {
        Torch.seed(3);
        try (TensorSource source = Checkpoint.open(tower())) {
            AlignedModel model =
                    AlignedModel.of(
                            new ClipVision(
                                    Parameters.read(source, ClipVision::owns),
                                    2,
                                    Activation.QUICK_GELU),
                            new TextProj(
                                    TextProj.random(new TextProj.Sizes(64, 40, 1, 2)), true, 0),
                            20,
                            0);
            new BundleExport(model, List.of(embedder()), List.of("--precision", "fp32"))
                    .write(
                            bundle(),
                            new BundleExport.Samples(
                                    List.of(
                                            new Pixels(
                                                    32,
                                                    32,
                                                    FloatBuffer.wrap(new float[3 * 32 * 32]))),
                                    List.of("w1")));
        }
    }

    /** Stage 1 from the bundle's texts, stage 2 of the tower with a moving teacher. */
    public Path config() throws IOException {
        return Files.writeString(
                folder.resolve("job.yaml"),
                """
                recipe: proclip
                runs: %1$s/runs
                threads: 1
                save_every: 1
                data: {train: %1$s/train, test: %1$s/test}
                text: {bundle: %2$s, precision: fp32}
                image: {tower: clip, weights: %3$s, augmentation: crop, workers: 2}
                cache: {folder: %1$s/cache}
                teacher: {bundle: %2$s}
                inherit: {steps: 3, batch: 8, structure_rows: 8}
                align: {steps: 12, batch: 6, replay_rows: 8, teacher: ema, ema: 0.9, layer_decay: 0.8, micro_batch: 4}
                """
                        .formatted(folder, bundle(), tower()));
    }
}
