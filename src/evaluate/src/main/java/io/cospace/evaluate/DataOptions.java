package io.cospace.evaluate;

import io.cospace.evaluate.data.Benchmark;
import io.cospace.evaluate.data.PairReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What to measure on: pairs of one's own, or a data set of the field in its own layout. */
final class DataOptions {
    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Choice choice;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "part of the --dataset (default: test; of imagenet val)")
    private @Nullable String split;

    @Option(
            names = "--captions",
            paramLabel = "N",
            description =
                    "the first N captions of each image and language of the --dataset"
                            + " (default: 5 of coco and flickr30k, all of the others)")
    private int captions;

    @Option(
            names = "--classes",
            paramLabel = "FILE",
            description =
                    "names of the classes of the --dataset: lines or JSON, by folder or in order")
    private @Nullable Path classes;

    @Option(
            names = "--templates",
            paramLabel = "FILE",
            description =
                    "texts for zero-shot classification, one a line, {} or {c} for the class"
                            + " (default: those of the data set, else 'a photo of a {}.')")
    private @Nullable Path templates;

    /** One of the two. */
    private static final class Choice {
        @Option(
                names = "--pairs",
                required = true,
                paramLabel = "PATH",
                description =
                        "tar shard, .csv or .tsv table, or folder; may be given several times")
        private List<Path> pairs = List.of();

        @Option(
                names = "--dataset",
                required = true,
                paramLabel = "KIND:DIR",
                description = {
                    "a benchmark as it lies on disk:",
                    "coco (dataset_coco.json, val2014/), flickr30k (dataset_flickr30k.json,",
                    "results.csv or results_20130124.token), xm3600 (captions.jsonl, images/),",
                    "imagenet (val/, a folder a class), webdataset (test/0.tar, classnames.txt)"
                })
        private @Nullable String dataset;
    }

    /** The data, found and checked but not read. */
    Benchmark open() {
        if (choice.dataset != null) {
            return Benchmark.of(
                    choice.dataset,
                    new Benchmark.Options(
                            Optional.ofNullable(split),
                            captions,
                            Optional.ofNullable(classes),
                            Optional.ofNullable(templates)));
        }
        String name =
                choice.pairs.stream()
                        .map(path -> String.valueOf(path.getFileName()))
                        .collect(Collectors.joining(" "));
        return new Benchmark(
                name,
                choice.pairs,
                Optional.empty(),
                skipped -> PairReader.open(choice.pairs, skipped));
    }
}
