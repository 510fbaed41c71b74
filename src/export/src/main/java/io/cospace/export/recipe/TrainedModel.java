package io.cospace.export.recipe;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.evaluate.data.Pair;
import io.cospace.export.BundleWriter;
import io.cospace.export.ExportException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Makes the default model of two trained paths: their weights turned to the axes of their own
 * training pairs, the graphs, and all that {@link DefaultModel} measures. Refuses when the graphs'
 * vectors are not the trained ones. The same weights give the same bytes on the same kind of
 * processor.
 */
public final class TrainedModel {
    /** Least cosine between a trained vector and the fp32 graph's. */
    public static final double LEAST_COSINE = 0.99999;

    /** Training pairs that trained and served vectors are compared on. */
    private static final int COMPARED = 64;

    private final TeacherIngredients read;
    private final Consumer<String> progress;
    private final Bulk bulk = new Bulk(Runtime.getRuntime().availableProcessors());

    /** What training gave. */
    public interface Paths {
        /** Length D of the vectors. */
        int dimensions();

        /** The class path's share of the cosine. */
        double share();

        /** Unit vector [D] of a pair's picture. */
        double[] image(Pair pair);

        /** Unit vector [D] of a text that was read. */
        double[] text(String text);

        /** What the classifier gives each class for a pair's picture. */
        float[] probabilities(Pair pair);

        /**
         * Writes the weights.
         *
         * @param adapter in the names of {@code PairedHead}
         * @param head in the names of {@code TwoPathHead}
         * @param rotation [D, D], row-major, to be written into both
         */
        void write(Path adapter, Path head, float[] rotation);
    }

    /**
     * What to make and what is said of it.
     *
     * @param out folder of the bundle, {@code models/NAME/VERSION}; must not exist
     * @param created time for the manifest, ISO 8601
     * @param recipe its name
     * @param settings of the recipe, by name
     * @param seed of all random draws
     */
    public record Request(
            Path out,
            String created,
            String recipe,
            SortedMap<String, Object> settings,
            String seed) {}

    /** Of what was read; tells {@code progress} in short lines. */
    public TrainedModel(TeacherIngredients read, Consumer<String> progress) {
        this.read = read;
        this.progress = progress;
    }

    /**
     * Makes the bundle; about a minute on two cores.
     *
     * @return its folder
     * @throws ExportException when it cannot be written or does not give the trained vectors
     */
    public Path make(Request request, Paths paths) {
        try (BundleWriter writer = BundleWriter.create(request.out())) {
            Ingredients ingredients = read.files();
            ingredients.copyTo(writer);
            Placed trained = new Placed(paths.dimensions(), paths::image, paths::text);
            progress.accept("turning the space");
            Matrix axes = trained.axes(read.training());
            paths.write(
                    writer.folder().resolve(Graphs.ADAPTER_WEIGHTS),
                    writer.folder().resolve(Graphs.HEAD_WEIGHTS),
                    axes.toFloats());
            try (Graphs graphs = Graphs.in(writer.folder(), ingredients.textConfig())) {
                graphs.writeTrained(paths.share());
                Draft draft =
                        new Draft(
                                writer,
                                paths.dimensions(),
                                Settings.preprocessing(),
                                Settings.textFormat(graphs.maxTokens()),
                                request.created());
                Placed placed = trained.rotated(axes);
                Publication publication =
                        new Publication(ingredients, read.sources(), draft, bulk, progress);
                publication.preview();
                compare(writer.folder(), placed);
                return publication.publish(
                        placed,
                        paths::probabilities,
                        new RunRecord.Recipe(request.recipe(), request.settings()),
                        request.seed());
            }
        }
    }

    /** Pictures and captions of pairs all over the training data, through the fp32 graphs. */
    private void compare(Path folder, Placed placed) {
        List<Pair> all = read.training();
        int count = Math.min(COMPARED, all.size());
        List<Pair> pairs =
                IntStream.range(0, count)
                        .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
                        .toList();
        try (Encoder encoder = Measurements.open(folder, Draft.FP32)) {
            List<String> captions = pairs.stream().map(Corpus::caption).toList();
            require(
                    "text",
                    captions,
                    placed.text().andThen(Rows::toFloats),
                    Measurements.embed(encoder.text(), captions, bulk));
            require(
                    "image",
                    pairs,
                    placed.image().andThen(Rows::toFloats),
                    pairs.stream()
                            .map(pair -> encoder.image().prepare(pair.image()))
                            .map(pixels ->
                                    encoder.image().embed(List.of(pixels), Width.NARROW).getFirst())
                            .toList());
        }
    }

    private <T> void require(
            String tower, List<T> inputs, Function<T, float[]> trained, List<float[]> served) {
        double least =
                IntStream.range(0, inputs.size())
                        .mapToDouble(i -> Vectors.dot(trained.apply(inputs.get(i)), served.get(i)))
                        .min()
                        .orElse(1);
        progress.accept("%s: least cosine to the trained vectors %.7f".formatted(tower, least));
        if (!(least >= LEAST_COSINE)) {
            throw new ExportException(
                    "the bundle's %s tower is not the trained one: cosine %.6f, at least %s is required"
                            .formatted(tower, least, LEAST_COSINE));
        }
    }
}
