package io.cospace.export.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.bundle.Manifest.Cosine;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.RgbImage;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.BundleWriter;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.TowerProbe.Sample;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The last steps of every import: runs what was written on samples, judges the precisions, and
 * publishes the bundle.
 *
 * @param form what the manifest will say
 * @param bundle holds weights, graphs and tokenizer
 * @param options what the user said
 * @param progress where people read along
 */
record Finisher(BundleForm form, BundleWriter bundle, ImportOptions options, PrintWriter progress) {
    private static final int SAMPLE_IMAGES = 48;

    /**
     * The graphs of one tower.
     *
     * @param written precisions that there are
     * @param runnable precisions that fit into memory
     */
    record Graphs(Set<Precision> written, Set<Precision> runnable) {}

    /**
     * Measures and publishes.
     *
     * @param licenses folder of each part, by what the part is
     * @param run provenance so far
     * @throws ImportException if a precision is too far from the reference
     */
    void finish(Graphs images, Graphs texts, Map<String, Path> licenses, ObjectNode run) {
        TowerProbe probe = new TowerProbe(bundle.folder(), form.dimensions());
        List<Sample> samples =
                TowerProbe.tokens(bundle.path("tokenizer.json"), form.format(), SampleTexts.all());
        if (samples.size() < 2) {
            throw new ImportException("the tokenizer has no tokens for the sample texts");
        }
        progress.println("comparing precisions on samples");
        progress.flush();
        List<RgbImage> pictures = SampleImages.paint(SAMPLE_IMAGES);
        TowerVectors imageVectors = images(probe, images, pictures);
        TowerVectors textVectors = texts(probe, texts, samples);
        Map<String, TowerVectors> towers = new LinkedHashMap<>();
        towers.put("image", imageVectors);
        towers.put("text", textVectors);
        judge(towers);
        String license =
                options.license()
                        .orElseGet(() -> ModelLicense.expression(List.copyOf(licenses.values())));
        bundle.write("LICENSES", ModelLicense.text(license, licenses));
        record(run, "image", imageVectors, SAMPLE_IMAGES);
        record(run, "text", textVectors, samples.size());
        bundle.write("run.json", json(run));
        BundleFinish finish =
                new BundleFinish(form, bundle, samples, pictures, textVectors, imageVectors);
        finish.publish(thumbnailVectors(probe, imageVectors, finish.thumbnails()), license);
    }

    private TowerVectors images(TowerProbe probe, Graphs graphs, List<RgbImage> pictures) {
        Map<Precision, List<float[]>> vectors = new EnumMap<>(Precision.class);
        for (Precision precision : graphs.runnable()) {
            String file = "image." + precision.id() + ".onnx";
            vectors.put(precision, probe.images(file, form.preprocessing(), pictures));
        }
        return new TowerVectors(graphs.written(), vectors);
    }

    private TowerVectors texts(TowerProbe probe, Graphs graphs, List<Sample> samples) {
        List<TokenizedText> tokens = samples.stream().map(Sample::tokens).toList();
        Map<Precision, List<float[]>> vectors = new EnumMap<>(Precision.class);
        for (Precision precision : graphs.runnable()) {
            String file = "text." + precision.id() + ".onnx";
            vectors.put(precision, probe.texts(file, form.inputs(), tokens));
        }
        return new TowerVectors(graphs.written(), vectors);
    }

    private void judge(Map<String, TowerVectors> towers) {
        StringBuilder refused = new StringBuilder();
        towers.forEach((tower, vectors) -> {
            for (Precision precision : vectors.written()) {
                String line = verdict(tower, precision, vectors);
                progress.println(line);
                if (vectors.agreement(precision)
                        .filter(cosine -> cosine.mean() < Agreement.REFUSE_BELOW)
                        .isPresent()) {
                    refused.append(line).append("; ");
                }
            }
        });
        progress.flush();
        if (!refused.isEmpty() && !options.force()) {
            throw new ImportException(
                    "%sa mean below %s is refused without --force"
                            .formatted(refused, Agreement.REFUSE_BELOW));
        }
    }

    private static String verdict(String tower, Precision precision, TowerVectors vectors) {
        String name = "%s tower at %s: ".formatted(tower, precision.id());
        if (vectors.agreement(precision).isEmpty()) {
            return name + "unmeasured, it does not fit into memory";
        }
        Cosine cosine = vectors.agreement(precision).get();
        if (precision == vectors.reference()) {
            return name + "the reference";
        }
        return "%s%scosine to %s mean %.6f, least %.6f"
                .formatted(
                        cosine.mean() < Agreement.WARN_BELOW ? "warning: " : "",
                        name,
                        vectors.reference().id(),
                        cosine.mean(),
                        cosine.min());
    }

    private List<float[]> thumbnailVectors(
            TowerProbe probe, TowerVectors images, List<byte[]> thumbnails) {
        if (!images.isMeasured()) {
            throw new ImportException(
                    "no image graph fits into memory; give it more with --memory");
        }
        ImageDecoder decoder =
                new ImageDecoder(ImageLimits.defaults(), form.preprocessing().background());
        List<RgbImage> small = thumbnails.stream().map(decoder::decode).toList();
        String file = "image." + images.reference().id() + ".onnx";
        return probe.images(file, form.preprocessing(), small);
    }

    private static void record(ObjectNode run, String tower, TowerVectors vectors, int samples) {
        ObjectNode node = run.withObject("/measured/" + tower).put("samples", samples);
        vectors.agreement()
                .forEach((precision, cosine) ->
                        node.putObject(precision.id())
                                .put("min", cosine.min())
                                .put("mean", cosine.mean()));
    }

    private static byte[] json(ObjectNode run) {
        try {
            return JsonFile.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(run);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("This is a bug: a tree of plain values", e);
        }
    }
}
