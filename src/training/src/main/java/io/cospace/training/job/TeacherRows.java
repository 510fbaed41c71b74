package io.cospace.training.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.evaluate.data.EmojiNames.Emoji;
import io.cospace.export.recipe.ClassTable.ImageClass;
import io.cospace.export.recipe.Matrix;
import io.cospace.export.recipe.Rows;
import io.cospace.export.recipe.Teacher;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.SampleTexts;
import io.cospace.training.data.TrainingDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What stage 1 learns from (default-model.md section 3): texts, each with the place that the
 * teacher gives it, in proportion to weights.
 */
public final class TeacherRows {
    private static final List<String> FORMS = List.of("%s", "a photo of a %s", "a drawing of a %s");

    /**
     * A text and what its target is made of: the mean of the classes' targets, plus the teacher's
     * own place of some texts' mean.
     *
     * @param text that the student reads
     * @param own texts whose mean place counts; may be none
     * @param classes whose mean target counts; may be none
     */
    public record Row(String text, List<String> own, List<Integer> classes, double weight) {}

    private final List<Row> rows = new ArrayList<>();

    private record Synset(List<String> lemmas, String gloss, List<Integer> classes) {}

    /**
     * All rows.
     *
     * @param languages of the names of emoji
     */
    public static List<Row> of(
            List<ImageClass> classes,
            Optional<Path> wordnet,
            List<Sample> training,
            Map<String, Emoji> names,
            List<String> languages) {
        TeacherRows made = new TeacherRows();
        for (int c = 0; c < classes.size(); c++) {
            ImageClass imageClass = classes.get(c);
            for (String text : forms(imageClass.lemmas(), imageClass.gloss())) {
                made.rows.add(new Row(text, List.of(), List.of(c), 1));
            }
        }
        wordnet.ifPresent(made::synsets);
        training.forEach(made::captions);
        Set<String> shown = new LinkedHashSet<>();
        training.forEach(sample -> sample.text("emoji").ifPresent(shown::add));
        for (String code : shown) {
            Emoji emoji = names.get(code);
            if (emoji != null && emoji.names().containsKey("en")) {
                String english = emoji.names().get("en");
                new TreeMap<>(emoji.names())
                        .forEach((language, name) -> {
                            if (languages.isEmpty() || languages.contains(language)) {
                                made.rows.add(new Row(name, List.of(english), List.of(), 0.7));
                            }
                        });
            }
        }
        return List.copyOf(made.rows);
    }

    /** The teacher's place of each row, unit vectors [rows][D]. */
    static float[][] targets(List<Row> rows, Teacher teacher, Function<String, float[]> vector) {
        Map<List<String>, double[]> places = new HashMap<>();
        float[][] targets = new float[rows.size()][];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = target(rows.get(i), teacher, vector, places);
        }
        return targets;
    }

    /** The mean place of the row's own texts, plus the mean of its classes' targets. */
    private static float[] target(
            Row row,
            Teacher teacher,
            Function<String, float[]> vector,
            Map<List<String>, double[]> places) {
        Matrix known = teacher.targets();
        double[] sum = new double[known.row(0).length];
        if (!row.own().isEmpty()) {
            Rows.add(
                    sum,
                    places.computeIfAbsent(
                            row.own(),
                            own -> {
                                double[] mean = new double[sum.length];
                                own.forEach(
                                        text -> Rows.add(mean, teacher.text(vector.apply(text))));
                                return Rows.unit(mean);
                            }));
        }
        if (!row.classes().isEmpty()) {
            double[] below = new double[sum.length];
            row.classes().forEach(c -> Rows.add(below, known.row(c)));
            Rows.add(sum, Rows.unit(below));
        }
        return Rows.toFloats(Rows.unit(sum));
    }

    /**
     * The places of rows in the space of a text tower: of each the mean of its own texts,
     * [rows][D].
     *
     * @param vector the tower's unit vector of a text
     */
    static float[][] places(List<Row> rows, Function<String, float[]> vector) {
        float[][] places = new float[rows.size()][];
        for (int i = 0; i < places.length; i++) {
            double[] sum = null;
            for (String own : rows.get(i).own()) {
                double[] of = Rows.ofFloats(vector.apply(own));
                if (sum == null) {
                    sum = of;
                } else {
                    Rows.add(sum, of);
                }
            }
            if (sum == null) {
                throw new IllegalStateException("this is a bug: a row without a text of its own");
            }
            places[i] = Rows.toFloats(Rows.unit(sum));
        }
        return places;
    }

    private static List<String> forms(List<String> lemmas, String gloss) {
        return Stream.concat(
                        lemmas.stream().flatMap(l -> FORMS.stream().map(f -> f.formatted(l))),
                        Stream.of(gloss))
                .filter(text -> !text.isBlank())
                .toList();
    }

    private void synsets(Path file) {
        try {
            Map<String, List<Synset>> table =
                    JsonMapper.builder()
                            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .build()
                            .readValue(file.toFile(), new TypeReference<>() {});
            for (Synset synset : table.getOrDefault("inner", List.of())) {
                List<String> own = forms(synset.lemmas(), synset.gloss());
                own.forEach(text -> rows.add(new Row(text, own, synset.classes(), 0.7)));
            }
            for (Synset synset : table.getOrDefault("extra", List.of())) {
                String lemma = synset.lemmas().getFirst();
                rows.add(new Row(lemma, List.of(lemma), List.of(), 0.3));
            }
        } catch (IOException e) {
            throw new TrainingDataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void captions(Sample sample) {
        SampleTexts joined =
                new SampleTexts(
                        SampleTexts.Mix.LONG,
                        List.of("caption"),
                        List.of("caption+keywords"),
                        List.of(),
                        Map.of());
        String caption = sample.captions().getFirst().text();
        rows.add(new Row(caption, List.of(caption), List.of(), 0.5));
        String longer = joined.all(sample).getFirst();
        rows.add(new Row(longer, List.of(caption), List.of(), 0.5));
        sample.text("description")
                .filter(text -> !text.isBlank())
                .ifPresent(text -> rows.add(new Row(text, List.of(caption), List.of(), 0.3)));
    }

    private TeacherRows() {}
}
