package io.cospace.training.job;

import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.Digest;
import io.cospace.training.align.StepReport;
import io.cospace.training.torch.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace train compare}: the recipes and their ablations on one configuration. */
@Command(
        name = "compare",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Trains and measures the four recipes, the bundled model's two paths and ProCLIP with one part",
            "changed, over cached vectors, with several seeds. Writes comparison.csv, comparison.md and",
            "report.html. Called again with the same folder it takes over what is measured already."
        })
final class CompareCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "what all share")
    private Path config = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder to write to")
    private Path out = Path.of("");

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "11,12,13",
            description = "default: ${DEFAULT-VALUE}")
    private List<Long> seeds = List.of();

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "some contenders")
    private List<String> only = List.of();

    @Parameters(paramLabel = "key=value", description = "changes of the file's keys, for all")
    private List<String> overrides = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final Map<String, List<StepReport>> losses = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        List<Contender> contenders = Contender.named(only);
        JobConfig shared = JobConfig.read(config, overrides);
        if (shared.data().test().isEmpty()) {
            throw new JobException("data.test is empty; the contenders are compared on it");
        }
        // All of them are read before the first is trained.
        Map<Contender, JobConfig> jobs = new LinkedHashMap<>();
        contenders.forEach(c -> jobs.put(c, JobConfig.read(config, changes(c))));
        Console console = new Console(spec.commandLine().getErr());
        Files.createDirectories(out.resolve("trials"));
        Torch.threads(shared.threads());
        List<Trial> trials = new ArrayList<>();
        try (JobData data = JobData.read(shared, false, new SkippedSamples(), console::line)) {
            for (long seed : seeds) {
                jobs.forEach(
                        (contender, job) -> trials.add(trial(contender, job, seed, data, console)));
                write(Comparison.of(contenders, trials), shared.yaml());
            }
        }
        spec.commandLine().getOut().println(Comparison.of(contenders, trials).markdown(1));
        spec.commandLine().getOut().println(out.resolve("report.html"));
        return 0;
    }

    /** The command line has the last word. */
    private List<String> changes(Contender contender) {
        List<String> changes = new ArrayList<>(contender.changes());
        changes.addAll(overrides);
        return changes;
    }

    private Trial trial(
            Contender contender, JobConfig job, long seed, JobData data, Console console) {
        String settings = digest(job.recipe().seeded(seed) + data.hash());
        Path file = out.resolve("trials/%s-%d-%s.json".formatted(contender.name(), seed, settings));
        if (Files.exists(file)) {
            return Trial.read(file);
        }
        console.line("%s, seed %d".formatted(contender.name(), seed));
        RecipeSettings recipe = job.recipe().seeded(seed);
        // Contenders whose first stages are the same share it.
        Path inherited = out.resolve("stage-1").resolve(digest(recipe.firstStage() + data.hash()));
        List<StepReport> steps = new ArrayList<>();
        RecipeRun run =
                new RecipeRun(
                        data,
                        recipe,
                        new RecipeRun.Saved(
                                inherited,
                                out.resolve("stage-2").resolve(settings),
                                job.saveEvery()),
                        report -> {
                            steps.add(report);
                            console.step(report);
                        });
        Trial trial =
                Trial.of(
                        contender.name(),
                        seed,
                        changes(contender),
                        Measured.figures(
                                Measured.encode(data, data.test(), job.data().group(), run.run())));
        losses.putIfAbsent(contender.name(), steps);
        trial.write(file);
        return trial;
    }

    private static String digest(String text) {
        byte[] hash = Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 6);
    }

    private void write(Comparison comparison, String yaml) {
        try {
            Files.writeString(out.resolve("comparison.csv"), comparison.csv());
            Files.writeString(
                    out.resolve("comparison.md"),
                    comparison.markdown(1)
                            + "\n"
                            + comparison.markdown(5)
                            + "\n"
                            + comparison.markdown(10));
            Files.writeString(
                    out.resolve("report.html"), CompareReport.html(comparison, losses, yaml));
        } catch (IOException e) {
            throw new JobException(out + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
