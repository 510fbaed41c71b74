package io.cospace.training.job;

import io.cospace.training.data.Augmentation;
import io.cospace.training.data.SampleTexts;
import io.cospace.training.data.VectorStore;
import java.nio.file.Path;
import java.util.Arrays;
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
        int saveEvery,
        Data data,
        Text text,
        Image image,
        Cache cache,
        TeacherFiles teacher,
        Optional<ExportSettings> export,
        String yaml) {
    /** In the order in which they run. */
    static final List<String> STAGES = List.of("cache", "inherit", "align", "evaluate", "export");

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

    /**
     * The image side.
     *
     * @param workers threads that decode ahead, at least 1
     * @param quickGelu whether a CLIP tower has this activation
     */
    record Image(
            ImageTower tower,
            Path weights,
            int copies,
            Augmentation augmentation,
            int workers,
            boolean quickGelu) {
        /** The tower behind kept features too. */
        Image onPixels() {
            return tower == ImageTower.FEATURES
                    ? new Image(
                            ImageTower.EFFICIENTNET_LITE,
                            weights,
                            copies,
                            augmentation,
                            workers,
                            quickGelu)
                    : this;
        }
    }

    /** What is trained on the image side, and what it reads. */
    enum ImageTower {
        /** A head over kept features of a frozen EfficientNet-Lite. */
        FEATURES,
        EFFICIENTNET_LITE,
        CLIP,
        EVA02;

        /** As files write it. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static List<String> words() {
            return Arrays.stream(values()).map(ImageTower::word).toList();
        }
    }

    record Cache(Path folder, VectorStore.Precision precision) {}

    /**
     * What stage 1 inherits from.
     *
     * @param classes of the classifier; empty for towers that have none
     * @param bundle whose text tower is the teacher of a whole tower
     */
    record TeacherFiles(Optional<Path> classes, Optional<Path> wordnet, Optional<Path> bundle) {}

    static JobConfig read(Path file, List<String> overrides) {
        ConfigTree tree = ConfigTree.of(file, overrides);
        List<String> stages = tree.texts("stages");
        for (String stage : stages) {
            if (!STAGES.contains(stage)) {
                throw new JobException("stages has '" + stage + "'; known: " + STAGES);
            }
        }
        Image image = image(tree);
        RecipeSettings recipe = recipe(tree);
        check(recipe, image, tree);
        return new JobConfig(
                recipe,
                Path.of(tree.text("runs")),
                stages,
                threads(tree),
                tree.number("save_every", 1, MANY),
                data(tree),
                new Text(tree.existing("text.bundle"), tree.text("text.precision")),
                image,
                new Cache(
                        Path.of(tree.text("cache.folder")),
                        precision(tree.word("cache.precision", List.of("fp16", "fp32")))),
                new TeacherFiles(
                        hasClasses(image)
                                ? Optional.of(tree.existing("teacher.classes"))
                                : Optional.empty(),
                        optional(tree, "teacher.wordnet"),
                        optional(tree, "teacher.bundle")),
                stages.contains("export")
                        ? Optional.of(ExportSettings.read(tree, recipe.recipe()))
                        : Optional.empty(),
                tree.yaml());
    }

    private static boolean hasClasses(Image image) {
        return switch (image.tower()) {
            case FEATURES, EFFICIENTNET_LITE -> true;
            case CLIP, EVA02 -> false;
        };
    }

    /** What one key asks of another. */
    private static void check(RecipeSettings recipe, Image image, ConfigTree tree) {
        String tower = image.tower().word();
        if (image.tower() != ImageTower.FEATURES
                && recipe.recipe() == RecipeSettings.Recipe.TWO_PATH) {
            throw new JobException(
                    "recipe is 'two-path' and image.tower '%s'; two paths share one frozen tower, so image.tower must be 'features' or recipe one of %s"
                            .formatted(
                                    tower,
                                    RecipeSettings.RECIPES.stream()
                                            .filter(name -> !name.equals("two-path"))
                                            .toList()));
        }
        boolean inherits =
                recipe.recipe() == RecipeSettings.Recipe.PROCLIP
                        && (recipe.inherit().optimisation().steps() > 0
                                || (recipe.align().replay() > 0
                                        && recipe.align().optimisation().steps() > 0));
        if (inherits && !hasClasses(image) && tree.text("teacher.bundle").isEmpty()) {
            throw new JobException(
                    "teacher.bundle is empty; with image.tower '%s' stage 1 inherits from a bundle's text tower, or inherit.steps and align.replay must be 0"
                            .formatted(tower));
        }
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
        int workers = tree.number("image.workers", 0, 64);
        return new Image(
                ImageTower.valueOf(
                        tree.word("image.tower", ImageTower.words())
                                .toUpperCase(Locale.ROOT)
                                .replace('-', '_')),
                tree.existing("image.weights"),
                tree.number("image.copies", 0, 8),
                augmentation,
                workers == 0 ? Runtime.getRuntime().availableProcessors() : workers,
                tree.word("image.activation", List.of("quick_gelu", "gelu")).equals("quick_gelu"));
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
                        tree.real("align.class_share", 0, 1),
                        new RecipeSettings.Trunk(
                                tree.real("align.image_learning_rate", 0, 1),
                                tree.real("align.layer_decay", 0.01, 1),
                                tree.number("align.micro_batch", 0, 65_536))));
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
