package io.cospace.export.importer;

import io.cospace.export.graph.BlockForm;
import io.cospace.export.graph.Precision;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace import}: makes a bundle of released weights. */
@Command(
        name = "import",
        description =
                "Make a bundle of released weights: CLIP, EVA02-CLIP, SigLIP 2, LLM2CLIP, ProCLIP,"
                        + " LIFT; text embedders Llama, Qwen3, BERT, XLM-R; folders of ONNX graphs.",
        mixinStandardHelpOptions = true)
public final class ImportCommand implements Callable<Integer> {
    private static final double GIGABYTE = 1e9;

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "Files and folders that together hold an image tower, a text tower and perhaps"
                            + " an adapter; a folder of a peft adapter is merged into the embedder.")
    private List<Path> sources = new ArrayList<>();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "models/NAME/VERSION",
            description = "Folder of the new bundle; must not exist.")
    private Path out = Path.of("");

    @Option(
            names = "--precision",
            split = ",",
            defaultValue = "fp32,int8",
            paramLabel = "LIST",
            description =
                    "Any of fp32, int8 (one scale a row), int8-fast (one scale a batch: up to 1.4"
                            + " times as fast, but an item's vector depends on the others of its"
                            + " batch; how much is measured and said), fp16 (GPUs)."
                            + " Default: ${DEFAULT-VALUE}.")
    private List<String> precisions = new ArrayList<>();

    @Option(
            names = "--image-precision",
            split = ",",
            paramLabel = "LIST",
            description = "The same for the image tower alone.")
    private List<String> imagePrecisions = new ArrayList<>();

    @Option(
            names = "--text-precision",
            split = ",",
            paramLabel = "LIST",
            description = "The same for the text tower alone.")
    private List<String> textPrecisions = new ArrayList<>();

    @Option(
            names = "--text-weights",
            paramLabel = "BITS",
            description =
                    "Store linear layers and word tables of the text tower in 8 or 4 bits, for"
                            + " embedders that are too large for the machine. Another vector space:"
                            + " the loss against the original is measured.")
    private @Nullable Integer textWeights;

    @Option(
            names = "--text-tables",
            paramLabel = "BITS",
            description = "The same for the word tables alone: 8, 4, or 0 for as they came.")
    private @Nullable Integer textTables;

    @Option(
            names = "--force",
            description = "Accept a precision whose mean cosine to fp32 is below 0.95.")
    private boolean force;

    @Option(
            names = "--image-size",
            paramLabel = "PX",
            description =
                    "Side of the images that are read: the positions of a vision transformer are"
                            + " resized to it. Default: as the tower was trained.")
    private @Nullable Integer imageSize;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "tokenizer.json to use instead of the embedder's own.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            description =
                    "Activation of a bare CLIP checkpoint: quick_gelu (OpenAI's and what was tuned"
                            + " from them), gelu, gelu_pytorch_tanh.")
    private @Nullable String activation;

    @Option(
            names = "--adapter-input",
            paramLabel = "raw|unit",
            description =
                    "Whether the adapter takes the embedder's rows as they are or at unit length."
                            + " Default: raw for SigLIP towers, else unit, as LLM2CLIP was trained.")
    private @Nullable String adapterInput;

    @Option(names = "--query-prompt", paramLabel = "TEXT", description = "Put before queries.")
    private @Nullable String queryPrompt;

    @Option(names = "--document-prompt", paramLabel = "TEXT", description = "Put before documents.")
    private @Nullable String documentPrompt;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Most tokens of a text; longer ones are cut or read in windows.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--license",
            paramLabel = "SPDX",
            description = "Licence expression, where the model card states none.")
    private @Nullable String license;

    @Option(
            names = "--logit-scale",
            paramLabel = "N",
            description = "Factor on the cosine, where the files do not hold it.")
    private @Nullable Double logitScale;

    @Option(
            names = "--logit-bias",
            paramLabel = "N",
            description = "Added behind the factor; makes scores sigmoid.")
    private @Nullable Double logitBias;

    @Option(
            names = "--memory",
            paramLabel = "GB",
            description =
                    "What comparing precisions may use; graphs that need more are recorded as"
                            + " unmeasured. Default: most of what is free.")
    private @Nullable Double memory;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter progress = spec.commandLine().getErr();
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        Path bundle = new ImportJob(sources, out, options(), progress, terminal).run();
        spec.commandLine().getOut().println(bundle);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private ImportOptions options() {
        return new ImportOptions(
                precisionSet(imagePrecisions.isEmpty() ? precisions : imagePrecisions),
                precisionSet(textPrecisions.isEmpty() ? precisions : textPrecisions),
                new TextStorage(
                        form("--text-tables", textTables == null ? textWeights : textTables),
                        form("--text-weights", textWeights)),
                force,
                imageSize == null ? OptionalInt.empty() : OptionalInt.of(imageSize),
                Optional.ofNullable(adapterInput).map(this::isRaw),
                Optional.ofNullable(activation),
                Optional.ofNullable(tokenizer),
                Optional.ofNullable(queryPrompt),
                Optional.ofNullable(documentPrompt),
                maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens),
                Optional.ofNullable(license),
                logitScale == null ? OptionalDouble.empty() : OptionalDouble.of(logitScale),
                logitBias == null ? OptionalDouble.empty() : OptionalDouble.of(logitBias),
                memory == null
                        ? OptionalLong.empty()
                        : OptionalLong.of((long) (memory * GIGABYTE)));
    }

    private boolean isRaw(String value) {
        return switch (value) {
            case "raw" -> true;
            case "unit" -> false;
            default ->
                    throw new ParameterException(
                            spec.commandLine(),
                            "--adapter-input is " + value + "; it must be raw or unit");
        };
    }

    private Optional<BlockForm> form(String option, @Nullable Integer bits) {
        if (bits == null || bits == 0) {
            return Optional.empty();
        }
        return Arrays.stream(BlockForm.values())
                .filter(form -> form.bits() == bits)
                .findFirst()
                .or(() -> {
                    throw new ParameterException(
                            spec.commandLine(),
                            "%s is %d; it must be 8, 4 or 0".formatted(option, bits));
                });
    }

    private Set<Precision> precisionSet(List<String> names) {
        Set<Precision> found = new TreeSet<>();
        for (String name : names) {
            found.add(
                    Arrays.stream(Precision.values())
                            .filter(precision -> precision.id().equals(name.strip()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new ParameterException(
                                            spec.commandLine(),
                                            "--precision is %s; known are fp32, int8, int8-fast, fp16"
                                                    .formatted(name))));
        }
        return found;
    }
}
