package io.cospace.training.job;

import io.cospace.training.data.Augmentation;
import io.cospace.training.data.SampleTexts;
import io.cospace.training.data.VectorStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A job, checked as far as can be without reading the data: every key known, every value in range,
 * every file there.
 *
 * @param yaml the configuration in effect
 */
record JobConfig(
        RecipeSettings recipe,
        Path runs,
        List<String> stages,
        int threads,
        Data data,
        Text text,
        Image image,
        Cache cache,
        TeacherFiles teacher,
        String yaml) {
    /** In the order in which they run. */
    static final List<String> STAGES = List.of("cache", "inherit", "align", "evaluate");

    private static final int MANY = 1_000_000;

    record Data(
            List<Path> train,
            List<Path> validation,
            List<Path> test,
            String group,
            SampleTexts.Mix mix,
            List<String> shortFields,
            List<String> longFields,
            List<String> languages,
            Optional<Path> emojiNames) {}

    record Text(Path bundle, String precision) {}

    record Image(Path weights, int copies, Augmentation augmentation) {}

    record Cache(Path folder, VectorStore.Precision precision) {}

    record TeacherFiles(Path classes, Optional<Path> wordnet) {}

    static JobConfig read(Path file, List<String> overrides) {
        ConfigTree tree = ConfigTree.of(file, overrides);
        List<String> stages = tree.texts("stages");
        for (String stage : stages) {
            if (!STAGES.contains(stage)) {
                throw new JobException("stages has '" + stage + "'; known: " + STAGES);
            }
        }
        return new JobConfig(
                recipe(tree),
                Path.of(tree.text("runs")),
                stages,
                threads(tree),
                data(tree),
                new Text(tree.existing("text.bundle"), tree.text("text.precision")),
                image(tree),
                new Cache(
                        Path.of(tree.text("cache.folder")),
                        precision(tree.word("cache.precision", List.of("fp16", "fp32")))),
                new TeacherFiles(
                        tree.existing("teacher.classes"), optional(tree, "teacher.wordnet")),
                tree.yaml());
    }

    private static int threads(ConfigTree tree) {
        int threads = tree.number("threads", 0, 1024);
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    private static VectorStore.Precision precision(String word) {
        return VectorStore.Precision.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static Optional<Path> optional(ConfigTree tree, String key) {
        return tree.text(key).isEmpty() ? Optional.empty() : Optional.of(tree.existing(key));
    }

    private static Data data(ConfigTree tree) {
        List<Path> train = tree.allExisting("data.train");
        if (train.isEmpty()) {
            throw new JobException("data.train is empty; it must name shards, tables or folders");
        }
        return new Data(
                train,
                tree.allExisting("data.validation"),
                tree.allExisting("data.test"),
                tree.text("data.group"),
                SampleTexts.Mix.valueOf(
                        tree.word("data.text", List.of("short", "long", "mix"))
                                .toUpperCase(Locale.ROOT)),
                tree.texts("data.short"),
                tree.texts("data.long"),
                tree.texts("data.languages"),
                optional(tree, "data.emoji_names"));
    }

    private static Image image(ConfigTree tree) {
        List<Double> crop =
                tree.texts("image.crop").stream().map(text -> real("image.crop", text)).toList();
        if (crop.size() != 2) {
            throw new JobException("image.crop is " + crop + "; it must be two shares");
        }
        Augmentation augmentation =
                switch (tree.word("image.augmentation", List.of("drawing", "crop", "none"))) {
                    case "drawing" -> new Augmentation.Drawing();
                    case "crop" -> new Augmentation.RandomResizedCrop(crop.get(0), crop.get(1));
                    default -> new Augmentation.None();
                };
        return new Image(
                tree.existing("image.weights"), tree.number("image.copies", 0, 8), augmentation);
    }

    private static double real(String key, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new JobException(key + " has '" + text + "'; it must be a number", e);
        }
    }

    private static RecipeSettings recipe(ConfigTree tree) {
        String word = tree.word("recipe", RecipeSettings.RECIPES);
        return new RecipeSettings(
                RecipeSettings.Recipe.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_')),
                tree.whole("seed"),
                new RecipeSettings.Teacher(
                        tree.real("teacher.exponent", 0, 0.5),
                        tree.real("teacher.floor", 1e-12, 1),
                        tree.number("teacher.dimensions", 2, 4096)),
                new RecipeSettings.Adapter(
                        tree.number("adapter.blocks", 1, 8),
                        tree.number("adapter.expansion", 1, 16),
                        tree.real("adapter.dropout", 0, 0.9)),
                new RecipeSettings.Inherit(
                        optimisation(tree, "inherit"),
                        tree.real("inherit.noise", 0, 1),
                        tree.real("inherit.instance", 0, MANY),
                        tree.real("inherit.structure", 0, MANY),
                        tree.word("inherit.structure_form", List.of("smooth-l1", "squared"))
                                        .equals("squared")
                                ? RecipeSettings.Structure.SQUARED
                                : RecipeSettings.Structure.SMOOTH_L1,
                        tree.number("inherit.structure_rows", 2, 65_536)),
                new RecipeSettings.Align(
                        optimisation(tree, "align"),
                        tree.real("align.scale_learning_rate", 0, 1),
                        tree.real("align.scale_limit", 1, 100),
                        tree.word("align.image", List.of("tuned", "frozen")).equals("tuned"),
                        RecipeSettings.Guide.valueOf(
                                tree.word("align.teacher", List.of("fixed", "ema", "none"))
                                        .toUpperCase(Locale.ROOT)),
                        tree.real("align.ema", 0, 1),
                        tree.real("align.instance", 0, MANY),
                        tree.real("align.structure", 0, MANY),
                        tree.real("align.replay", 0, MANY),
                        tree.number("align.replay_rows", 2, 65_536),
                        tree.real("align.class_share", 0, 1)));
    }

    private static RecipeSettings.Optimisation optimisation(ConfigTree tree, String stage) {
        return new RecipeSettings.Optimisation(
                tree.number(stage + ".steps", 0, 10 * MANY),
                tree.number(stage + ".batch", 2, 65_536),
                tree.real(stage + ".learning_rate", 0, 1),
                tree.real(stage + ".weight_decay", 0, 10),
                tree.real(stage + ".beta1", 0, 0.999999),
                tree.real(stage + ".beta2", 0, 0.999999),
                tree.real(stage + ".warmup", 0, 1),
                tree.real(stage + ".clip", 0, MANY));
    }
}
