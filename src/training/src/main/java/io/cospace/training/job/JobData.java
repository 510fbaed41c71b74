package io.cospace.training.job;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.recipe.ClassTable;
import io.cospace.export.recipe.ClassTable.ImageClass;
import io.cospace.export.recipe.Teacher;
import io.cospace.export.recipe.Whitening;
import io.cospace.training.data.PairIndex;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.SampleTexts;
import io.cospace.training.data.TrainingDataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All that a job reads, with the vectors of both frozen networks: stage {@code cache}.
 *
 * @param train samples that are trained on
 * @param validation samples of the curves
 * @param test samples of the table
 * @param hash of all data
 * @param texts which texts a sample has
 * @param rows of stage 1
 * @param targets the teacher's place of each of them
 * @param text vectors by text
 * @param images what the image tower reads
 * @param classes that the image classifier knows, where it is one
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record JobData(
        List<Sample> train,
        List<Sample> validation,
        List<Sample> test,
        String hash,
        SampleTexts texts,
        List<TeacherRows.Row> rows,
        float[][] targets,
        FrozenText text,
        ImageSide images,
        Optional<Classes> classes)
        implements AutoCloseable {
    private static final int SMOKE = 48;

    /**
     * An image classifier and where its classes are.
     *
     * @param teacher the space that stage 1 inherits
     * @param weight [C, d]
     * @param bias [C]
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Classes(Teacher teacher, float[] weight, float[] bias) {}

    /** The classes, of a side that has some. */
    Classes known() {
        return classes.orElseThrow(() -> new IllegalStateException("this is a bug: no classes"));
    }

    /** Whether the image tower leads to the shared space by itself. */
    boolean whole() {
        return classes.isEmpty();
    }

    /** Reads, and computes what is not kept yet. */
    static JobData read(
            JobConfig config, boolean smoke, SkippedSamples skipped, Consumer<String> progress) {
        JobConfig.Data data = config.data();
        PairIndex all = PairIndex.read(data.train(), skipped);
        List<Sample> train = cut(all.samples(), smoke);
        List<Sample> validation = samples(data.validation(), smoke, skipped);
        List<Sample> test = samples(data.test(), smoke, skipped);
        Map<String, Emoji> names = data.emojiNames().map(EmojiNames::read).orElse(Map.of());
        SampleTexts texts =
                new SampleTexts(
                        data.mix(), data.shortFields(), data.longFields(), data.languages(), names);
        progress.accept(
                "data: %d, %d, %d samples; %d skipped"
                        .formatted(train.size(), validation.size(), test.size(), skipped.count()));
        List<ImageClass> classes =
                config.teacher().classes().map(ClassTable::read).orElse(List.of());
        List<TeacherRows.Row> rows = rows(config, smoke, classes, train, names);
        List<Sample> measured = Stream.concat(validation.stream(), test.stream()).toList();
        // First what can fail for a wrong file, then what takes long.
        Optional<PixelTower> tower = tower(config.image());
        FrozenText text =
                FrozenText.of(
                        config.text().bundle(),
                        config.text().precision(),
                        FrozenText.Wanted.POOLED,
                        config.cache().folder(),
                        config.cache().precision(),
                        List.copyOf(wanted(classes, rows, train, measured, texts)),
                        done -> progress.accept("text vectors: " + done + " new"));
        ImageSide images = new Sides(config, smoke, train, measured, skipped, progress).open(tower);
        Optional<Classes> known =
                classes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                classes(
                                        config.image().weights(),
                                        teacher(config, classes, rows, text),
                                        classes.size()));
        return new JobData(
                images.train(),
                ImageSide.usable(validation, images::usable, skipped),
                ImageSide.usable(test, images::usable, skipped),
                all.hash(),
                texts,
                rows,
                known.isPresent()
                        ? TeacherRows.targets(rows, known.get().teacher(), text::vector)
                        : places(config, rows, tower, progress),
                text,
                images,
                known);
    }

    private static Optional<PixelTower> tower(JobConfig.Image image) {
        return image.tower() == JobConfig.ImageTower.FEATURES
                ? Optional.empty()
                : Optional.of(PixelTower.read(image));
    }

    /** What stage 1 learns; nothing where nobody teaches. */
    private static List<TeacherRows.Row> rows(
            JobConfig config,
            boolean smoke,
            List<ImageClass> classes,
            List<Sample> train,
            Map<String, Emoji> names) {
        if (classes.isEmpty() && config.teacher().bundle().isEmpty()) {
            return List.of();
        }
        return TeacherRows.of(
                classes,
                smoke || classes.isEmpty() ? Optional.empty() : config.teacher().wordnet(),
                train,
                names,
                config.data().languages());
    }

    /** Where the text tower that a whole image tower was trained with has the rows. */
    private static float[][] places(
            JobConfig config,
            List<TeacherRows.Row> rows,
            Optional<PixelTower> tower,
            Consumer<String> progress) {
        Path bundle = config.teacher().bundle().orElse(null);
        if (bundle == null) {
            return new float[0][];
        }
        List<String> texts = rows.stream().flatMap(r -> r.own().stream()).distinct().toList();
        try (FrozenText teacher =
                FrozenText.of(
                        bundle,
                        config.text().precision(),
                        FrozenText.Wanted.SHARED,
                        config.cache().folder(),
                        config.cache().precision(),
                        texts,
                        done -> progress.accept("teacher's text vectors: " + done + " new"))) {
            int length = tower.map(PixelTower::length).orElse(teacher.length());
            if (teacher.length() != length) {
                throw new JobException(
                        "teacher.bundle: %s gives vectors of %d values, the image tower of %d"
                                .formatted(bundle, teacher.length(), length));
            }
            return TeacherRows.places(rows, teacher::vector);
        }
    }

    private static List<Sample> samples(List<Path> from, boolean smoke, SkippedSamples skipped) {
        return from.isEmpty() ? List.of() : cut(PairIndex.read(from, skipped).samples(), smoke);
    }

    /** Some samples spread over all, for a job of seconds. */
    private static List<Sample> cut(List<Sample> samples, boolean smoke) {
        if (!smoke || samples.size() <= SMOKE) {
            return samples;
        }
        List<Sample> some = new ArrayList<>();
        for (int i = 0; i < SMOKE; i++) {
            some.add(samples.get((int) ((long) i * samples.size() / SMOKE)));
        }
        return some;
    }

    private static Set<String> wanted(
            List<ImageClass> classes,
            List<TeacherRows.Row> rows,
            List<Sample> train,
            List<Sample> measured,
            SampleTexts texts) {
        Set<String> wanted = new LinkedHashSet<>();
        classes.forEach(c -> wanted.addAll(c.texts()));
        rows.forEach(row -> {
            wanted.add(row.text());
            wanted.addAll(row.own());
        });
        train.forEach(sample -> wanted.addAll(texts.all(sample)));
        train.forEach(sample -> wanted.add(sample.captions().getFirst().text()));
        measured.forEach(
                sample -> captions(sample, texts).forEach(caption -> wanted.add(caption.text())));
        wanted.removeIf(String::isBlank);
        return wanted;
    }

    /** What a sample is measured with: its captions, and the names of an emoji by language. */
    static List<Caption> captions(Sample sample, SampleTexts texts) {
        List<Caption> captions = new ArrayList<>(sample.captions());
        Emoji emoji = sample.text("emoji").map(texts.names()::get).orElse(null);
        if (emoji != null) {
            new TreeMap<>(emoji.names())
                    .forEach((language, name) -> {
                        if (texts.languages().contains(language) && !name.isBlank()) {
                            captions.add(new Caption(name, language));
                        }
                    });
        }
        return captions.stream().distinct().toList();
    }

    private static Teacher teacher(
            JobConfig config,
            List<ImageClass> classes,
            List<TeacherRows.Row> rows,
            FrozenText text) {
        RecipeSettings.Teacher settings = config.recipe().teacher();
        if (settings.dimensions() > text.length()) {
            throw new JobException(
                    "teacher.dimensions is %d; the text vectors have %d"
                            .formatted(settings.dimensions(), text.length()));
        }
        List<float[]> corpus =
                rows.stream().map(TeacherRows.Row::text).distinct().map(text::vector).toList();
        Whitening whitening =
                Whitening.fit(
                        corpus,
                        new Whitening.Settings(
                                settings.exponent(), settings.floor(), settings.dimensions()));
        return Teacher.of(whitening, classes, text::vector);
    }

    private static Classes classes(Path weights, Teacher teacher, int count) {
        try (Safetensors file = Safetensors.open(weights)) {
            float[] bias = file.floats("classifier.bias");
            if (bias.length != count) {
                throw new TrainingDataException(
                        "teacher.classes names %d classes; %s knows %d"
                                .formatted(count, weights, bias.length));
            }
            return new Classes(teacher, file.floats("classifier.weight"), bias);
        }
    }

    @Override
    public void close() {
        text.close();
        images.close();
    }
}
