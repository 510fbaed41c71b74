package io.cospace.training.dataset;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.export.Digest;
import io.cospace.training.data.PairIndex;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.TrainingDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace dataset}: tar shards for training, validation and test from pairs on disk. */
@Command(
        name = "dataset",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Makes WebDataset shards train-00000.tar, val-, test- of folders (images with .txt or .json beside",
            "them), tables (CSV, TSV: image, caption, language) or shards. Pictures that look alike go to",
            "one split. The same source and options give the same bytes."
        })
public final class DatasetCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "SOURCE")
    private List<Path> sources = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "new or empty")
    private Path out = Path.of("");

    @Option(names = "--val", defaultValue = "0.05", description = "share; ${DEFAULT-VALUE}")
    private double val;

    @Option(names = "--test", defaultValue = "0.1", description = "share; ${DEFAULT-VALUE}")
    private double test;

    @Option(names = "--shard", defaultValue = "1000", description = "samples; ${DEFAULT-VALUE}")
    private int shard;

    @Option(
            names = "--alike",
            defaultValue = "8",
            description =
                    "how much copies may differ in a colour of 8 x 8 cells, 0..64; ${DEFAULT-VALUE}")
    private int alike;

    @Option(names = "--seed", defaultValue = "11", description = "of the splits; ${DEFAULT-VALUE}")
    private long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        check();
        SkippedSamples skipped = new SkippedSamples();
        PairIndex index = PairIndex.read(sources, skipped);
        List<Sample> samples = new ArrayList<>();
        List<Look> looks = new ArrayList<>();
        look(index, skipped, samples, looks);
        int[] groups = Copies.groups(looks, alike);
        Map<Split, List<Sample>> splits = splits(samples, groups);
        Files.createDirectories(out);
        ObjectNode made = JsonMapper.builder().build().createObjectNode();
        made.put("source_sha256", index.hash()).put("seed", seed).put("alike", alike);
        long copies = samples.size() - IntStream.of(groups).distinct().count();
        made.put("near_duplicates", copies).put("skipped", skipped.count());
        ArrayNode reasons = made.putArray("skipped_samples");
        skipped.listed().forEach(one -> reasons.add(one.toString()));
        ObjectNode counts = made.putObject("samples");
        ObjectNode shards = made.putObject("shards");
        for (Map.Entry<Split, List<Sample>> split : splits.entrySet()) {
            String name = split.getKey().label();
            counts.put(name, split.getValue().size());
            for (Path file : new ShardWriter(out, name, shard).write(split.getValue())) {
                shards.put(file.getFileName().toString(), Digest.ofFile(file));
            }
        }
        Files.writeString(out.resolve("dataset.json"), made.toPrettyString() + "\n");
        spec.commandLine()
                .getOut()
                .println(
                        "%s: %s samples; %d near-duplicates kept together, %d skipped"
                                .formatted(out, counts, copies, skipped.count()));
        return 0;
    }

    private void check() throws IOException {
        if (!(val >= 0 && test >= 0 && val + test < 1)) {
            throw new TrainingDataException(
                    "--val %s and --test %s; shares are 0 or more, and below 1 together"
                            .formatted(val, test));
        }
        if (shard < 1 || alike < 0 || alike > 64) {
            throw new TrainingDataException(
                    "--shard is %d, --alike %d; they must be 1 or more, and 0..64"
                            .formatted(shard, alike));
        }
        if (Files.exists(out)) {
            try (Stream<Path> there = Files.list(out)) {
                if (there.findAny().isPresent()) {
                    throw new TrainingDataException(
                            out + " is not empty; a data set is never written over");
                }
            }
        }
    }

    /** Decodes all pictures, on all cores; those that cannot be are left out. */
    private static void look(
            PairIndex index, SkippedSamples skipped, List<Sample> samples, List<Look> looks) {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults(), List.of(255, 255, 255));
        List<Optional<Look>> all =
                index.samples().parallelStream().map(s -> look(decoder, s, skipped)).toList();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isPresent()) {
                samples.add(index.get(i));
                looks.add(all.get(i).get());
            }
        }
        if (samples.isEmpty()) {
            throw new TrainingDataException("no picture can be decoded: " + skipped.listed());
        }
    }

    private static Optional<Look> look(
            ImageDecoder decoder, Sample sample, SkippedSamples skipped) {
        try {
            return Optional.of(decoder.decode(sample.image().read(), Look::of));
        } catch (ImageException | IOException e) {
            skipped.add(
                    sample.image().file().toString(), sample.key(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Map<Split, List<Sample>> splits(List<Sample> samples, int[] groups) {
        Map<Integer, String> smallest = new HashMap<>();
        for (int i = 0; i < groups.length; i++) {
            smallest.merge(groups[i], samples.get(i).hash(), (a, b) -> a.compareTo(b) < 0 ? a : b);
        }
        Map<Split, List<Sample>> splits = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            splits.put(split, new ArrayList<>());
        }
        Split.Shares shares = new Split.Shares(val, test);
        for (int i = 0; i < groups.length; i++) {
            Split split = Split.of(smallest.getOrDefault(groups[i], ""), seed, shares);
            splits.getOrDefault(split, new ArrayList<>()).add(samples.get(i));
        }
        return splits;
    }
}
