package io.cospace.training.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.Encoder;
import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Device;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Side;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TextFormat;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.training.align.AlignedModel;
import io.cospace.training.align.BundleExport;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.PictureReader;
import io.cospace.training.model.Chain;
import io.cospace.training.model.Tower;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The trained towers as a bundle: stage {@code export}. Towers and the frozen embedder are compared
 * with the bundle's on some of the job's own pictures and captions.
 */
record ExportStage(JobConfig config, JobData data) {
    private static final int COMPARED = 16;
    private static final String RUN = "run.json";

    /**
     * Writes the bundle.
     *
     * @param target its folder
     * @param run what is said of the run; the bundle's record holds it
     * @param report the run's page; none if empty
     * @return the least cosine between trained and exported vectors
     */
    double write(RecipeRun.Trained trained, Path target, ObjectNode run, String report) {
        ExportSettings export = config.export().orElseThrow();
        PixelTower start = PixelTower.read(config.image().onPixels());
        AlignedModel model = trained.models().getFirst();
        AlignedModel whole =
                new AlignedModel(tower(start, model.image()), model.text(), model.scale());
        List<String> texts = texts();
        Map<String, float[]> rows = new LinkedHashMap<>();
        TextFormat format = read(texts, rows);
        return new BundleExport(whole, List.of(export.embedder()), options(export, format))
                .write(
                        target,
                        new BundleExport.Samples(images(start), texts, rows),
                        (bundle, cosine) -> further(bundle, cosine, run, report));
    }

    /**
     * What a run over kept features or vectors trained stands behind the tower that they are of.
     */
    private Tower tower(PixelTower start, Tower trained) {
        return switch (data.images()) {
            case PixelSide ignored -> trained;
            case VectorSide ignored -> start.tower();
            case FeatureSide ignored -> new Chain(start.tower(), trained);
        };
    }

    private static List<String> options(ExportSettings export, TextFormat format) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--image-precision",
                                String.join(",", export.imagePrecision()),
                                "--text-precision",
                                String.join(",", export.textPrecision()),
                                "--adapter-input",
                                "unit",
                                "--query-prompt",
                                format.prompts().query(),
                                "--document-prompt",
                                format.prompts().document(),
                                "--max-tokens",
                                String.valueOf(format.maxTokens())));
        if (!export.license().isEmpty()) {
            options.addAll(List.of("--license", export.license()));
        }
        return options;
    }

    private List<Pixels> images(PixelTower start) {
        PictureReader reader = new PictureReader(start.preprocessing());
        List<Pixels> images = new ArrayList<>();
        for (Sample sample : some()) {
            try {
                images.add(reader.read(sample));
            } catch (IOException e) {
                throw new JobException(
                        sample.image().file() + ": cannot be read any more: " + e.getMessage(), e);
            }
        }
        return images;
    }

    private List<String> texts() {
        Set<String> texts = new LinkedHashSet<>();
        some().forEach(sample -> texts.add(sample.captions().getFirst().text()));
        return List.copyOf(texts);
    }

    private List<Sample> some() {
        List<Sample> from = data.test().isEmpty() ? data.train() : data.test();
        return from.stream().filter(data.images()::usable).limit(COMPARED).toList();
    }

    /** The frozen embedder's rows at fp32, and how it reads texts. */
    private TextFormat read(List<String> texts, Map<String, float[]> rows) {
        EncoderSettings settings =
                new EncoderSettings(new Device.Cpu(), "fp32", 1, Verification.SIZE);
        try (Encoder encoder = Encoder.open(config.text().bundle(), settings)) {
            for (String text : texts) {
                TokenizedText all = encoder.text().tokenize(text, Task.DOCUMENT);
                TokenizedText cut = encoder.text().truncate(all, Side.START);
                rows.put(text, encoder.text().pool(List.of(cut), Width.NARROW).getFirst());
            }
            return encoder.bundle().manifest().text();
        }
    }

    /** The run's record with the exporter's inside, and the page. */
    private static Map<String, byte[]> further(
            Path bundle, double cosine, ObjectNode run, String report) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode record = run.deepCopy();
        record.put("least_cosine_to_trained", cosine);
        record.set("import", json.readTree(bundle.resolve(RUN).toFile()));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(RUN, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(record));
        if (!report.isEmpty()) {
            files.put("report.html", report.getBytes(UTF_8));
        }
        return files;
    }
}
