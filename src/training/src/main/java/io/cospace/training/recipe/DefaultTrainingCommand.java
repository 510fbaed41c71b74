package io.cospace.training.recipe;

import io.cospace.evaluate.metrics.RetrievalScores;
import io.cospace.export.Created;
import io.cospace.export.recipe.TeacherIngredients;
import io.cospace.export.recipe.TrainedModel;
import io.cospace.training.align.StepReport;
import io.cospace.training.align.TwoPathRecipe;
import io.cospace.training.recipe.TwoPathTraining.Trained;
import io.cospace.training.torch.Torch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cospace train-default}: the two paths of the default model from its ingredients. */
@Command(
        name = "train-default",
        description =
                "Trains the two paths of the default model from its ingredients, and measures them."
                        + " Vectors of both frozen networks are kept in the work folder.",
        mixinStandardHelpOptions = true)
public final class DefaultTrainingCommand implements Callable<Integer> {
    @Option(names = "--ingredients", required = true, paramLabel = "DIR")
    private Path ingredients = Path.of("");

    @Option(
            names = "--work",
            required = true,
            paramLabel = "DIR",
            description = "Folder for cached vectors, saved steps and the weights.")
    private Path work = Path.of("");

    @Option(names = "--seed", defaultValue = "11", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            defaultValue = "0",
            description = "Of one operation; 0 for all processors.")
    private int threads;

    @Option(
            names = "--no-copies",
            description = "Show pictures as they are only, never as changed copies.")
    private boolean noCopies;

    @Option(
            names = "--out",
            paramLabel = "models/NAME/VERSION",
            description = "Makes a bundle of the weights; must not exist.")
    private @Nullable Path out;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Torch.threads(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        PrintWriter told = spec.commandLine().getErr();
        try (TeacherIngredients read = TeacherIngredients.open(ingredients, work, told::println)) {
            TwoPathTraining training = new TwoPathTraining(read, TwoPathRecipe.of(seed), !noCopies);
            Path run = work.resolve("seed-" + seed);
            Trained trained =
                    training.train(
                            Optional.of(run),
                            report -> {
                                if (report.step() % 50 == 0) {
                                    told.println(line(report));
                                    told.flush();
                                }
                            });
            trained.weights(Optional.empty()).writeAdapters(run.resolve("adapter.safetensors"));
            trained.weights(Optional.empty()).writeHead(run.resolve("head.safetensors"));
            // Row by row from here on, where waiting for other threads costs more than they give.
            Torch.threads(1);
            TrainedPaths paths = training.paths(trained);
            print("val", training.scores(read.validation(), paths));
            print("test", training.scores(read.test(), paths));
            if (out != null) {
                TrainedModel model = new TrainedModel(read, told::println);
                spec.commandLine().getOut().println(model.make(request(out), paths));
            }
        }
        return 0;
    }

    private static String line(StepReport report) {
        return "%s %d/%d loss %.4f %s"
                .formatted(
                        report.stage(),
                        report.step(),
                        report.steps(),
                        report.loss(),
                        report.parts());
    }

    private TrainedModel.Request request(Path bundle) {
        SortedMap<String, Object> settings = new TreeMap<>(TwoPathRecipe.of(seed).settings());
        settings.put("languages", TextRows.LANGUAGES);
        settings.put("changed_copies", noCopies ? 0 : 1);
        return new TrainedModel.Request(
                bundle,
                Created.fromEnvironment(),
                "two paths: adapters that inherit the teacher's text space, then tuned on pairs",
                settings,
                Long.toString(seed));
    }

    private void print(String split, Map<String, RetrievalScores> scores) {
        PrintWriter out = spec.commandLine().getOut();
        for (Map.Entry<String, RetrievalScores> group : scores.entrySet()) {
            out.printf(
                    "%s %s R@1/5/10 image to text %s, text to image %s%n",
                    split,
                    group.getKey(),
                    recalls(group.getValue().imageToText()),
                    recalls(group.getValue().textToImage()));
        }
        out.flush();
    }

    private static String recalls(RetrievalScores.Direction direction) {
        return "%.1f/%.1f/%.1f"
                .formatted(
                        100 * direction.ranks().recall(1),
                        100 * direction.ranks().recall(5),
                        100 * direction.ranks().recall(10));
    }
}
