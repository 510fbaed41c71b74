package io.cospace.export.recipe;

import io.cospace.encoder.image.Pixels;
import io.cospace.evaluate.data.EmojiNames;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.metrics.RetrievalScores;
import io.cospace.export.Digest;
import io.cospace.export.ExportException;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.EfficientNetLite;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Target;
import io.cospace.export.graph.Value;
import io.cospace.export.graph.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * What training the default model reads of its ingredients: pairs and words, the vectors of both
 * frozen networks (by the classes that serve, kept between runs), and the teacher's space. Not
 * thread-safe; uses all processors.
 */
public final class TeacherIngredients implements AutoCloseable {
    private static final String FEATURES = "features";

    private final Ingredients ingredients;
    private final Sources sources;
    private final Path work;
    private final Graphs graphs;
    private final Bulk bulk = new Bulk(Runtime.getRuntime().availableProcessors());
    private final Consumer<String> progress;

    private TeacherIngredients(
            Ingredients ingredients, Path work, Graphs graphs, Consumer<String> progress) {
        this.ingredients = ingredients;
        this.work = work;
        this.graphs = graphs;
        this.progress = progress;
        sources = Sources.read(ingredients);
    }

    /**
     * Reads all pairs and texts.
     *
     * @param folder of the ingredients
     * @param work folder for graphs and cached vectors; may hold those of a run before
     * @throws ExportException naming an ingredient that is missing
     */
    public static TeacherIngredients open(Path folder, Path work, Consumer<String> progress) {
        Ingredients ingredients = Ingredients.in(folder);
        try {
            Files.createDirectories(work);
            copy(ingredients.textWeights(), work.resolve(Graphs.TEXT_WEIGHTS));
            copy(ingredients.imageWeights(), work.resolve(Graphs.IMAGE_WEIGHTS));
            copy(ingredients.tokenizer(), work.resolve("tokenizer.json"));
        } catch (IOException e) {
            throw new ExportException("cannot write " + work + ": " + e.getMessage(), e);
        }
        Graphs graphs = Graphs.in(work, ingredients.textConfig());
        graphs.writeRaw();
        return new TeacherIngredients(ingredients, work, graphs, progress);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(to) || Files.size(to) != Files.size(from)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Ingredients files() {
        return ingredients;
    }

    Sources sources() {
        return sources;
    }

    public List<Pair> training() {
        return sources.training();
    }

    public List<Pair> validation() {
        return sources.validation();
    }

    public List<Pair> test() {
        return sources.test();
    }

    /** Words of the classifier's classes, in the order of its outputs. */
    public List<Words> classes() {
        return sources.classes().stream().map(c -> new Words(c.lemmas(), c.gloss())).toList();
    }

    /**
     * Words of one meaning.
     *
     * @param lemmas at least one
     * @param gloss its definition
     */
    public record Words(List<String> lemmas, String gloss) {
        public Words {
            lemmas = List.copyOf(lemmas);
        }
    }

    /** Names of emoji by code points. */
    public Map<String, Emoji> emoji() {
        return EmojiNames.read(ingredients.emojiNames());
    }

    /** The table of WordNet's meanings above and near the classes. */
    public Path wordNet() {
        return ingredients.classTable().resolveSibling("wordnet-targets.json");
    }

    /** The caption that stands for a pair. */
    public static String caption(Pair pair) {
        return Corpus.caption(pair);
    }

    /** Length of a raw text vector. */
    public int textFeatures() {
        return graphs.features();
    }

    /**
     * Raw vectors of texts and of all that {@link #fit} needs, before any space is made of them.
     */
    public Map<String, float[]> texts(Collection<String> texts) {
        LinkedHashSet<String> all = new LinkedHashSet<>(sources.texts());
        all.addAll(texts);
        VectorCache cache = new VectorCache(Optional.of(work.resolve("vectors")));
        return new FrozenTowers(work, cache, bulk, progress)
                .pool(List.copyOf(all), Settings.textFormat(graphs.maxTokens()), graphs.features());
    }

    /**
     * The teacher's space: where each text stands, and each class.
     *
     * @param raw vectors of {@link #texts}
     */
    public Space fit(Map<String, float[]> raw, int dimensions) {
        Function<String, float[]> vector = text -> given(raw, text);
        Whitening whitening =
                Whitening.fit(
                        sources.corpus().stream().map(vector).toList(),
                        new Whitening.Settings(Settings.EXPONENT, Settings.FLOOR, dimensions));
        Teacher teacher = Teacher.of(whitening, sources.classes(), vector);
        return new Space(
                text -> Rows.toFloats(whitening.apply(text)),
                teacher.targets().toFloats(),
                dimensions);
    }

    /**
     * A teacher.
     *
     * @param text unit vector [D] of a raw text vector
     * @param targets [classes, D], unit rows
     * @param dimensions D
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Space(UnaryOperator<float[]> text, float[] targets, int dimensions) {}

    private static float[] given(Map<String, float[]> raw, String text) {
        float[] vector = raw.get(text);
        if (vector == null) {
            throw new IllegalArgumentException("no vector of the text " + text);
        }
        return vector;
    }

    /** Weight [classes, d] and bias [classes] of the image classifier. */
    public List<float[]> classifier() {
        try (Safetensors file = Safetensors.open(work.resolve(Graphs.IMAGE_WEIGHTS))) {
            return List.of(file.floats("classifier.weight"), file.floats("classifier.bias"));
        }
    }

    /** Features that the classifier reads. */
    public int seen() {
        try (Safetensors file = Safetensors.open(work.resolve(Graphs.IMAGE_WEIGHTS))) {
            return Math.toIntExact(file.info("classifier.weight").size(1));
        }
    }

    /**
     * Features of pictures: the pooled ones, then the means over 2 x 2 cells of the last block's
     * map.
     *
     * @param change of the prepared pixels, by the picture's number
     * @param name of the change, which kept features are told apart by
     */
    public List<float[]> features(
            List<byte[]> images, IntFunction<UnaryOperator<Pixels>> change, String name) {
        Path graph = writeFeatures();
        int length = length();
        VectorCache.Key key = new VectorCache.Key().with(FEATURES).with(name);
        try {
            key.with(Digest.ofFile(graph)).with(Digest.ofFile(work.resolve(Graphs.IMAGE_WEIGHTS)));
        } catch (IOException e) {
            throw new ExportException("cannot read " + graph + ": " + e.getMessage(), e);
        }
        return new VectorCache(Optional.of(work.resolve("vectors")))
                .get(
                        key,
                        length,
                        images,
                        () ->
                                new Pictures(
                                        graph,
                                        length,
                                        Settings.preprocessing(),
                                        images,
                                        change,
                                        bulk,
                                        progress));
    }

    private int length() {
        try (Safetensors file = Safetensors.open(work.resolve(Graphs.IMAGE_WEIGHTS))) {
            return Math.toIntExact(
                    file.info("conv_head.weight").size(0)
                            + 4 * file.info("conv_head.weight").size(1));
        }
    }

    private Path writeFeatures() {
        try (Safetensors file = Safetensors.open(work.resolve(Graphs.IMAGE_WEIGHTS))) {
            return GraphFile.write(
                    work,
                    FEATURES,
                    EfficientNetLite.withGrid(
                            new EfficientNetLite.Config(
                                    Settings.IMAGE_SIDE,
                                    EfficientNetLite.Padding.SAME,
                                    Settings.IMAGE_EPSILON),
                            Weights.of(file),
                            new Plain(length())));
        }
    }

    /** Features as they are. */
    private record Plain(int features) implements Head {
        @Override
        public int dimensions() {
            return features;
        }

        @Override
        public Value embedding(Target target, Value pooled) {
            return pooled;
        }
    }

    /**
     * Retrieval on pairs, by the groups that the default model is measured in.
     *
     * @param image unit vector of a pair's picture
     * @param text unit vector of a caption
     */
    public static Map<String, RetrievalScores> scores(
            List<Pair> pairs, Function<Pair, float[]> image, Function<String, float[]> text) {
        Map<String, RetrievalScores> scores = new LinkedHashMap<>();
        for (String group : List.of(LabelledVectors.OPENCLIPART, LabelledVectors.EMOJI)) {
            List<Pair> ours =
                    pairs.stream().filter(p -> LabelledVectors.groupOf(p).equals(group)).toList();
            if (!ours.isEmpty()) {
                int dimensions = image.apply(ours.getFirst()).length;
                scores.put(group, LabelledVectors.of(group, ours, image, text).scores(dimensions));
            }
        }
        return scores;
    }

    @Override
    public void close() {
        graphs.close();
    }
}
