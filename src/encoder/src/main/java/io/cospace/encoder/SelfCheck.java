package io.cospace.encoder;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.ManifestJson;
import io.cospace.encoder.bundle.ModelBundle;
import io.cospace.encoder.bundle.SelfTest;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.EncoderException;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Runs a bundle's {@link SelfTest} on its open towers. */
final class SelfCheck {

    private static final System.Logger LOG = System.getLogger(Encoder.class.getName());

    /** How far the length of a vector may be from 1. */
    private static final double LENGTH_TOLERANCE = 1e-3;

    /** Two vectors with a cosine above this are the same. */
    private static final double SAME = 1 - 1e-7;

    private final SelfTest test;
    private final Manifest manifest;

    private SelfCheck(SelfTest test, Manifest manifest) {
        this.test = test;
        this.manifest = manifest;
    }

    /**
     * The first thing that is not as it should be.
     *
     * @param suspects the towers that may be at fault, at least one
     * @param message what was expected and what was found
     */
    record Failure(Set<Modality> suspects, String message) {}

    /**
     * Reads the self-test of {@code bundle}.
     *
     * @throws BundleException when it cannot be read or is about vectors of another length
     */
    static SelfCheck of(ModelBundle bundle) {
        byte[] json = bundle.read(Manifest.SELF_TEST);
        SelfTest test = ManifestJson.read(Manifest.SELF_TEST, json, SelfTest.class);
        int dimensions = bundle.manifest().dimensions();
        test.texts().forEach(text -> checkLength(text.vector(), dimensions));
        test.images().forEach(image -> checkLength(image.vector(), dimensions));
        return new SelfCheck(test, bundle.manifest());
    }

    /**
     * Embeds everything in both widths and compares vectors, then rankings; empty when all is well.
     * The towers are tested side by side.
     */
    Optional<Failure> run(
            ImageEncoder images, String imagePrecision, TextEncoder texts, String textPrecision) {
        Tower text =
                new Tower(
                        Modality.TEXT,
                        textPrecision,
                        test.minCosine().text(),
                        isMeasured(manifest.precisions().text(), textPrecision));
        Tower image =
                new Tower(
                        Modality.IMAGE,
                        imagePrecision,
                        test.minCosine().image(),
                        isMeasured(manifest.precisions().image(), imagePrecision));
        List<float[]> expectedTexts = test.texts().stream().map(SelfTest.TextCase::vector).toList();
        List<float[]> expectedImages =
                test.images().stream().map(SelfTest.ImageCase::vector).toList();
        for (Width width : Width.values()) {
            Aside<Result> aside =
                    Aside.start(
                            "cospace-test-image",
                            () -> image.compare(() -> embedImages(images, width), expectedImages));
            Result textResult = text.compare(() -> embedTexts(texts, width), expectedTexts);
            Result imageResult = aside.join();
            Optional<Failure> failure =
                    textResult
                            .failure()
                            .or(imageResult::failure)
                            .or(() -> compareRankings(imageResult.vectors(), textResult.vectors()));
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    private static boolean isMeasured(Manifest.Tower tower, String precision) {
        return tower.graph(precision).wasMeasured();
    }

    /** What a tower gave; vectors are empty when it failed. */
    private record Result(List<float[]> vectors, Optional<Failure> failure) {}

    /** One tower under test. */
    private record Tower(
            Modality modality,
            String precision,
            SortedMap<String, Double> minCosines,
            boolean measured) {

        Result compare(Supplier<List<float[]>> embed, List<float[]> expected) {
            Double minCosine = minCosines.get(precision);
            if (minCosine == null && measured) {
                return failed("min_cosine has no " + precision + " for the " + name() + " tower");
            }
            List<float[]> vectors;
            try {
                vectors = embed.get();
            } catch (EncoderException e) {
                return failed(name() + " tower at " + precision + ": " + e.getMessage());
            }
            if (minCosine == null) {
                return unmeasured(vectors);
            }
            for (int i = 0; i < expected.size(); i++) {
                double cosine = Vectors.dot(vectors.get(i), expected.get(i));
                if (!(cosine >= minCosine)) {
                    return failed(
                            "%s %d at %s: expected a cosine of at least %s to the vector on record, found %.6f"
                                    .formatted(name(), i, precision, minCosine, cosine));
                }
            }
            return new Result(vectors, Optional.empty());
        }

        /** There is nothing to compare with but the form of the vectors and one another. */
        private Result unmeasured(List<float[]> vectors) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the {0} tower at {1} is unmeasured: nobody has compared it with fp32, and its self-test only asks for vectors of length 1 that are not all the same",
                    name(),
                    precision);
            for (int i = 0; i < vectors.size(); i++) {
                double length = Math.sqrt(Vectors.dot(vectors.get(i), vectors.get(i)));
                if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) {
                    return failed(
                            "%s %d at %s: expected a vector of length 1, found %.6f"
                                    .formatted(name(), i, precision, length));
                }
            }
            float[] first = vectors.getFirst();
            if (vectors.size() > 1
                    && vectors.stream().allMatch(v -> Vectors.dot(v, first) > SAME)) {
                return failed(
                        "%ss at %s: expected different vectors, found one for all %d"
                                .formatted(name(), precision, vectors.size()));
            }
            return new Result(vectors, Optional.empty());
        }

        private Result failed(String message) {
            return new Result(List.of(), Optional.of(new Failure(EnumSet.of(modality), message)));
        }

        private String name() {
            return switch (modality) {
                case TEXT -> "text";
                case IMAGE -> "image";
            };
        }
    }

    private List<float[]> embedTexts(TextEncoder texts, Width width) {
        return texts.embed(
                test.texts().stream()
                        .map(text -> texts.tokenize(text.text(), text.task()))
                        .toList(),
                width);
    }

    private List<float[]> embedImages(ImageEncoder images, Width width) {
        return images.embed(
                test.images().stream().map(image -> images.prepare(image.bytes())).toList(), width);
    }

    private Optional<Failure> compareRankings(List<float[]> images, List<float[]> texts) {
        for (int i = 0; i < images.size(); i++) {
            List<Integer> ranking = test.rankings().get(i);
            for (int rank = 1; rank < ranking.size(); rank++) {
                double better = Vectors.dot(images.get(i), texts.get(ranking.get(rank - 1)));
                double worse = Vectors.dot(images.get(i), texts.get(ranking.get(rank)));
                if (!(better > worse)) {
                    return Optional.of(
                            new Failure(
                                    EnumSet.allOf(Modality.class),
                                    "ranking of image %d: expected text %d before text %d, found cosines %.6f and %.6f"
                                            .formatted(
                                                    i,
                                                    ranking.get(rank - 1),
                                                    ranking.get(rank),
                                                    better,
                                                    worse)));
                }
            }
        }
        return Optional.empty();
    }

    private static void checkLength(float[] vector, int dimensions) {
        if (vector.length != dimensions) {
            throw BundleException.mismatch(
                    Manifest.SELF_TEST, "dimensions of an embedding", dimensions, vector.length);
        }
    }
}
