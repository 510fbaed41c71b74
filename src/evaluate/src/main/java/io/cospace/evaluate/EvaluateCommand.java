package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.Modality;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.data.Benchmark;
import io.cospace.evaluate.data.Classes;
import io.cospace.evaluate.data.EmojiNames;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.PairReader;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.metrics.Bootstrap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cospace evaluate}: retrieval or zero-shot figures of a bundle. */
@Command(
        name = "evaluate",
        sortOptions = false,
        description = {
            "Embeds the images and captions of a data set with a bundle and prints how often each",
            "finds its own partner first (R@1) or among the first 5 or 10, both ways, for each group",
            "of the data and each language of its captions. Images with labels instead are classified",
            "by the texts of their classes (zero-shot)."
        })
final class EvaluateCommand implements Callable<Integer> {
    private final Model.Opener opener;

    @Mixin private final BundleOptions bundle = new BundleOptions();

    @Mixin private final DataOptions data = new DataOptions();

    @Option(
            names = "--precision",
            defaultValue = EncoderSettings.AUTO,
            paramLabel = "NAME",
            description = "precision of both towers (default: what the bundle chooses)")
    private String precision = EncoderSettings.AUTO;

    @Option(
            names = "--language",
            split = ",",
            paramLabel = "TAG",
            description = "only captions in these languages (BCP 47; und: language not given)")
    private List<String> languages = List.of();

    @Option(
            names = "--dimensions",
            split = ",",
            paramLabel = "N",
            description = "cut the vectors to these sizes; 'all': each that the bundle allows")
    private List<String> dimensions = List.of();

    @Option(
            names = "--emoji-names",
            paramLabel = "FILE",
            description = "emoji-names.jsonl.gz: adds names in many languages to pairs of emoji")
    private @Nullable Path emojiNames;

    @Option(
            names = "--group-by",
            defaultValue = "source",
            paramLabel = "FIELD",
            description = "metadata field that names a pair's group (default: ${DEFAULT-VALUE})")
    private String groupBy = "source";

    @Option(
            names = "--task",
            defaultValue = "document",
            paramLabel = "TASK",
            description = "prompt for captions: query or document (default: ${DEFAULT-VALUE})")
    private Task task = Task.DOCUMENT;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of the bootstrap (default: ${DEFAULT-VALUE})")
    private long seed = Bootstrap.DEFAULT.seed();

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    EvaluateCommand(Model.Opener opener) {
        this.opener = opener;
    }

    @Override
    public Integer call() {
        Benchmark benchmark = data.open();
        SkippedSamples skipped = new SkippedSamples();
        EncoderSettings settings = bundle.settings(precision, Verification.AUTO);
        try (Model model = opener.open(bundle.folder, settings);
                PairReader reader = benchmark.opener().apply(skipped)) {
            RunFacts run =
                    new RunFacts(
                            model.manifest(),
                            model.state(Modality.IMAGE),
                            model.state(Modality.TEXT),
                            benchmark.name(),
                            DataFile.of(benchmark.files()),
                            skipped,
                            new Bootstrap(
                                    Bootstrap.DEFAULT.resamples(),
                                    seed,
                                    Bootstrap.DEFAULT.level()));
            String result =
                    benchmark.classes().isPresent()
                            ? classify(model, reader, benchmark.classes().get(), run)
                            : retrieve(model, reader, run);
            spec.commandLine().getOut().println(result);
        }
        return 0;
    }

    private String classify(Model model, PairReader reader, Classes classes, RunFacts run) {
        try (Progress progress = Progress.of(spec, "embedded")) {
            ZeroShotFigures figures =
                    encoder(model).classify(reader, classes, run.skipped(), progress);
            return json ? figures.json(run) : figures.table(run);
        }
    }

    private String retrieve(Model model, PairReader reader, RunFacts run) {
        SortedSet<Integer> sizes = sizes(model.manifest());
        EncodedPairs encoded = encode(model, reader, run.skipped());
        List<Figures> figures = new ArrayList<>();
        for (int size : sizes.reversed()) {
            figures.addAll(encoded.figures(size));
        }
        Report report = new Report(run, encoded.size(), figures);
        return json ? report.json() : report.table();
    }

    private PairEncoder encoder(Model model) {
        return new PairEncoder(
                model.text(), model.images(), task, new Grouping(groupBy), bundle.threads);
    }

    private EncodedPairs encode(Model model, Iterator<Pair> reader, SkippedSamples skipped) {
        UnaryOperator<Pair> names =
                emojiNames == null
                        ? UnaryOperator.identity()
                        : new EmojiCaptions(EmojiNames.read(emojiNames));
        try (Progress progress = Progress.of(spec, "embedded")) {
            return encoder(model)
                    .encode(new SelectedPairs(reader, names, languages), skipped, progress);
        }
    }

    private SortedSet<Integer> sizes(Manifest manifest) {
        SortedSet<Integer> allowed = new TreeSet<>(manifest.truncatableTo());
        allowed.add(manifest.dimensions());
        if (dimensions.isEmpty()) {
            return new TreeSet<>(Set.of(manifest.dimensions()));
        }
        if (dimensions.equals(List.of("all"))) {
            return allowed;
        }
        SortedSet<Integer> sizes = new TreeSet<>();
        for (String size : dimensions) {
            if (!size.matches("\\d{1,9}") || !allowed.contains(Integer.valueOf(size))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--dimensions is " + size + "; the bundle allows " + allowed);
            }
            sizes.add(Integer.valueOf(size));
        }
        return sizes;
    }
}
