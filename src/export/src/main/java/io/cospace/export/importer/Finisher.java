package io.cospace.export.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.RgbImage;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.export.BundleWriter;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.TowerProbe.Sample;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
     * @param fits how each precision can be run here
     * @param original fp32 graph of the weights as they came, where none of the bundle is that
     */
    record Graphs(Set<Precision> written, Map<Precision, Fit> fits, Optional<Path> original) {
        /** Finished graphs, all of which are run. */
        static Graphs whole(Set<Precision> written) {
            Map<Precision, Fit> fits = new EnumMap<>(Precision.class);
            written.forEach(precision -> fits.put(precision, Fit.WHOLE));
            return new Graphs(written, fits, Optional.empty());
        }

        Fit fit(Precision precision) {
            return fits.getOrDefault(precision, Fit.NONE);
        }

        Set<Precision> wholes() {
            return written.stream()
                    .filter(precision -> fit(precision) == Fit.WHOLE)
                    .collect(Collectors.toSet());
        }
    }

    /** Runs one graph over all samples. */
    @FunctionalInterface
    private interface Run {
        List<float[]> of(Path file, Fit fit);
    }

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
        finish.publish(thumbnailVectors(probe, images, imageVectors, finish.thumbnails()), license);
    }

    private TowerVectors images(TowerProbe probe, Graphs graphs, List<RgbImage> pictures) {
        return run(
                "image",
                graphs,
                (file, fit) -> probe.images(file, form.preprocessing(), pictures, fit));
    }

    private TowerVectors texts(TowerProbe probe, Graphs graphs, List<Sample> samples) {
        List<TokenizedText> tokens = samples.stream().map(Sample::tokens).toList();
        return run("text", graphs, (file, fit) -> probe.texts(file, form.inputs(), tokens, fit));
    }

    private TowerVectors run(String tower, Graphs graphs, Run run) {
        Map<Precision, List<float[]>> vectors = new EnumMap<>(Precision.class);
        Optional<List<float[]>> batched = Optional.empty();
        for (Precision precision : graphs.written()) {
            Fit fit = graphs.fit(precision);
            Path file = bundle.path(tower + "." + precision.id() + ".onnx");
            if (fit == Fit.STREAMED) {
                say(tower, precision.id() + " is larger than the memory: read layer by layer");
            }
            if (fit != Fit.NONE) {
                vectors.put(precision, run.of(file, fit));
            }
            if (precision == Precision.INT8_FAST && fit == Fit.WHOLE) {
                batched = Optional.of(run.of(file, Fit.STREAMED));
            }
        }
        Fit fit = graphs.fit(Precision.FP32);
        Optional<List<float[]>> original =
                fit == Fit.NONE
                        ? Optional.empty()
                        : graphs.original().map(file -> run.of(file, fit));
        return new TowerVectors(graphs.written(), graphs.wholes(), vectors, original, batched);
    }

    private void say(String tower, String what) {
        progress.printf("%s tower at %s%n", tower, what);
        progress.flush();
    }

    private void judge(Map<String, TowerVectors> towers) {
        List<Verdict> verdicts = new ArrayList<>();
        towers.forEach((tower, vectors) -> verdicts.addAll(Verdict.of(tower, vectors)));
        verdicts.forEach(verdict -> progress.println(verdict.line()));
        progress.flush();
        List<String> refused =
                verdicts.stream().filter(Verdict::isRefused).map(Verdict::line).toList();
        if (!refused.isEmpty() && !options.force()) {
            throw new ImportException(
                    "%s; a mean below %s is refused without --force"
                            .formatted(String.join("; ", refused), Agreement.REFUSE_BELOW));
        }
    }

    /** The reference's vectors of the self-test's pictures. */
    private List<float[]> thumbnailVectors(
            TowerProbe probe, Graphs graphs, TowerVectors images, List<byte[]> thumbnails) {
        if (!images.isMeasured()) {
            throw new ImportException(
                    "no image graph fits into memory; give it more with --memory");
        }
        ImageDecoder decoder =
                new ImageDecoder(ImageLimits.defaults(), form.preprocessing().background());
        List<RgbImage> small = thumbnails.stream().map(decoder::decode).toList();
        Path file =
                images.reference()
                        .map(precision -> bundle.path("image." + precision.id() + ".onnx"))
                        .or(graphs::original)
                        .orElseThrow();
        Fit fit = graphs.fit(images.reference().orElse(Precision.FP32));
        return probe.images(file, form.preprocessing(), small, fit);
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
