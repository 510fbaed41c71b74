package io.cospace.training.job;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.EncodedPairs;
import io.cospace.evaluate.Figures;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.training.align.StepReport;
import io.cospace.training.align.TwoPathWeights;
import io.cospace.training.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace train}: a job from its file to figures, a report and weights. */
@Command(
        name = "train",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        subcommands = CompareCommand.class,
        description = {
            "Runs the stages of a configuration in a new run folder: vectors of the frozen networks,",
            "stage 1, stage 2, figures on the test pairs, a report, a bundle. key=value changes the",
            "file's keys."
        })
public final class TrainCommand implements Callable<Integer> {
    private static final List<String> SMOKE =
            List.of(
                    "inherit.batch=32",
                    "align.batch=32",
                    "align.replay_rows=32",
                    "inherit.structure_rows=32");

    @Option(names = "--config", paramLabel = "FILE", description = "the job's YAML")
    private @Nullable Path config;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            description = "go on with a run that was broken off")
    private @Nullable Path resume;

    @Option(names = "--smoke", description = "a few samples and steps of all stages: seconds")
    private boolean smoke;

    @Parameters(paramLabel = "key=value", description = "for example align.teacher=none")
    private List<String> overrides = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if ((config == null) == (resume == null)) {
            throw new JobException("give one of --config FILE and --resume DIR");
        }
        List<String> changes = new ArrayList<>(overrides);
        if (smoke) {
            changes.addAll(SMOKE);
        }
        Optional<RunFolder> broken = Optional.ofNullable(resume).map(RunFolder::of);
        Path file = broken.map(RunFolder::config).orElse(config);
        JobConfig job = read(Objects.requireNonNull(file), changes);
        Console console = new Console(spec.commandLine().getErr());
        spec.commandLine().getOut().println(job.yaml());
        RunFolder folder = broken.orElseGet(() -> RunFolder.create(job));
        console.line("run folder: " + folder.path());
        run(job, folder, console);
        spec.commandLine().getOut().println(folder.path().resolve("report.html"));
        return 0;
    }

    /** Pixels cost much more than kept features, so a smoke test has fewer of them. */
    private JobConfig read(Path file, List<String> changes) {
        JobConfig job = JobConfig.read(file, changes);
        if (!smoke || job.image().tower() == JobConfig.ImageTower.FEATURES) {
            return job;
        }
        List<String> fewer = new ArrayList<>(changes);
        fewer.add("align.batch=8");
        return JobConfig.read(file, fewer);
    }

    private void run(JobConfig job, RunFolder folder, Console console) {
        Torch.threads(job.threads());
        SkippedSamples skipped = new SkippedSamples();
        SkipList skips = new SkipList(folder.path().resolve("skipped.txt"), skipped);
        List<StepReport> steps = new ArrayList<>();
        try (JobData data = JobData.read(job, smoke, skipped, console::line);
                RunFolder.Metrics metrics = new RunFolder.Metrics(folder)) {
            RecipeSettings settings = smoke ? shortened(job.recipe()) : job.recipe();
            RecipeRun.Trained trained =
                    new RecipeRun(
                                    data,
                                    settings,
                                    new RecipeRun.Saved(
                                            folder.checkpoints(),
                                            folder.checkpoints(),
                                            job.saveEvery()),
                                    report -> {
                                        steps.add(report);
                                        metrics.step(report);
                                        skips.save();
                                        console.step(report);
                                    })
                            .run();
            if (settings.recipe() == RecipeSettings.Recipe.TWO_PATH) {
                TwoPathWeights weights =
                        new TwoPathWeights(
                                trained.models().get(0), trained.models().get(1), Optional.empty());
                weights.writeAdapters(folder.path().resolve("adapter.safetensors"));
                weights.writeHead(folder.path().resolve("head.safetensors"));
            }
            String report = "";
            ObjectNode run = JsonMapper.builder().build().createObjectNode();
            run.put("recipe", job.recipe().recipe().name()).put("seed", job.recipe().seed());
            skips.save();
            run.put("config", job.yaml());
            run.put("data_sha256", data.hash()).put("skipped", skips.count());
            ArrayNode listed = run.putArray("skipped_samples");
            skips.listed().forEach(listed::add);
            run.put("java", System.getProperty("java.version"));
            if (!data.test().isEmpty() && job.stages().contains("evaluate")) {
                EncodedPairs pairs =
                        Measured.encode(data, data.test(), job.data().group(), trained);
                List<Figures> figures = Measured.figures(pairs);
                Map<String, Double> all = new TreeMap<>();
                figures.forEach(f -> all.putAll(f.metrics()));
                ObjectNode named = run.putObject("metrics");
                all.forEach(named::put);
                report =
                        RunReport.html(
                                folder.path().getFileName().toString(),
                                job.yaml(),
                                steps,
                                data.test(),
                                pairs,
                                figures);
                folder.write("report.html", report);
            }
            if (job.export().isPresent()) {
                // A smoke run's bundle is kept apart from what is meant to be served.
                Path bundle =
                        smoke
                                ? folder.path().resolve("models/smoke/1")
                                : job.export().get().bundle();
                double cosine = new ExportStage(job, data).write(trained, bundle, run, report);
                console.line("bundle %s: least cosine %.7f".formatted(bundle, cosine));
                run.putObject("export")
                        .put("bundle", bundle.toString())
                        .put("least_cosine_to_trained", cosine);
            }
            folder.json("run.json", run);
        }
    }

    /** A handful of steps. */
    private static RecipeSettings shortened(RecipeSettings of) {
        return new RecipeSettings(
                of.recipe(),
                of.seed(),
                of.teacher(),
                of.adapter(),
                new RecipeSettings.Inherit(
                        few(of.inherit().optimisation()),
                        of.inherit().noise(),
                        of.inherit().instance(),
                        of.inherit().structure(),
                        of.inherit().form(),
                        of.inherit().structureRows()),
                new RecipeSettings.Align(
                        few(of.align().optimisation()),
                        of.align().scaleLearningRate(),
                        of.align().scaleLimit(),
                        of.align().imageTuned(),
                        of.align().guide(),
                        of.align().ema(),
                        of.align().instance(),
                        of.align().structure(),
                        of.align().replay(),
                        of.align().replayRows(),
                        of.align().classShare(),
                        of.align().trunk()));
    }

    private static RecipeSettings.Optimisation few(RecipeSettings.Optimisation of) {
        return new RecipeSettings.Optimisation(
                Math.min(of.steps(), 5),
                of.batch(),
                of.learningRate(),
                of.weightDecay(),
                of.beta1(),
                of.beta2(),
                of.warmup(),
                of.clip());
    }
}
