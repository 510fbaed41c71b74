package io.cospace.export.recipe;

import io.cospace.export.BundleWriter;
import io.cospace.export.ExportException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the default model: two frozen networks and, in closed form, the space they share. No random
 * number is drawn and no sum depends on the number of threads, so the same ingredients give the
 * same bytes on the same kind of processor.
 */
public final class DefaultModel {
    private static final RunRecord.Recipe RECIPE =
            new RunRecord.Recipe(
                    "closed-form teacher: whitened text vectors, class probabilities times class targets",
                    new TreeMap<>(
                            Map.of(
                                    "exponent", Settings.EXPONENT,
                                    "floor", Settings.FLOOR,
                                    "languages", Corpus.LANGUAGES,
                                    "prompt", Settings.PROMPT)));

    private final Request request;
    private final Consumer<String> progress;
    private final Bulk bulk = new Bulk(Runtime.getRuntime().availableProcessors());

    /**
     * What to make.
     *
     * @param ingredients folder of the ingredients
     * @param out folder of the bundle, {@code models/NAME/VERSION}; must not exist
     * @param cache folder to keep vectors in between runs, or null
     * @param created time for the manifest, ISO 8601
     */
    public record Request(Path ingredients, Path out, @Nullable Path cache, String created) {}

    /** Makes what {@code request} says and tells {@code progress} in short lines. */
    public DefaultModel(Request request, Consumer<String> progress) {
        this.request = request;
        this.progress = progress;
    }

    /**
     * Makes the bundle; minutes on two cores.
     *
     * @return its folder
     * @throws ExportException when an ingredient is missing or does not fit, or the bundle cannot
     *     be written
     */
    public Path make() {
        Ingredients ingredients = Ingredients.in(request.ingredients());
        try (BundleWriter writer = BundleWriter.create(request.out())) {
            progress.accept("reading " + request.ingredients());
            Sources sources = Sources.read(ingredients);
            ingredients.copyTo(writer);
            try (Graphs graphs = Graphs.in(writer.folder(), ingredients.textConfig())) {
                return make(ingredients, sources, writer, graphs);
            }
        }
    }

    private Path make(
            Ingredients ingredients, Sources sources, BundleWriter writer, Graphs graphs) {
        if (sources.classes().size() != graphs.classes()) {
            throw new ExportException(
                    "%s names %d classes; the classifier knows %d"
                            .formatted(
                                    ingredients.classTable(),
                                    sources.classes().size(),
                                    graphs.classes()));
        }
        Draft draft =
                new Draft(
                        writer,
                        graphs.features(),
                        Settings.preprocessing(),
                        Settings.textFormat(graphs.maxTokens()),
                        request.created());
        RawVectors raw = rawVectors(sources, writer, graphs);
        progress.accept("fitting the space");
        Teacher teacher = fit(sources, raw, draft.dimensions());
        graphs.write(teacher);

        return new Publication(ingredients, sources, draft, bulk, progress)
                .publish(
                        Placed.by(teacher, raw),
                        raw::image,
                        RECIPE,
                        "none: nothing is drawn at random");
    }

    private RawVectors rawVectors(Sources sources, BundleWriter writer, Graphs graphs) {
        graphs.writeRaw();
        VectorCache cache = new VectorCache(Optional.ofNullable(request.cache()));
        FrozenTowers towers = new FrozenTowers(writer.folder(), cache, bulk, progress);
        return RawVectors.of(sources, towers, graphs);
    }

    /** Whitening, class targets, and the rotation over training pictures and captions. */
    static Teacher fit(Sources sources, RawVectors raw, int dimensions) {
        Whitening whitening =
                Whitening.fit(
                        sources.corpus().stream().map(raw::text).toList(),
                        new Whitening.Settings(Settings.EXPONENT, Settings.FLOOR, dimensions));
        Teacher teacher = Teacher.of(whitening, sources.classes(), raw::text);
        return teacher.rotated(Placed.by(teacher, raw).axes(sources.training()));
    }
}
