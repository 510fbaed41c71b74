package io.cospace.evaluate.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A data set of the field in the layout that its publishers give it, so that it is measured from
 * where it lies. Immutable; reads files when made and when opened.
 *
 * @param name how reports call it, for example {@code coco:test}
 * @param files what describes it: they identify the data in reports
 * @param classes of a data set of labelled images; empty for images with captions
 * @param opener makes a reader of its samples, adding those that cannot be used to the given list.
 *     A labelled image is a pair whose caption is the name of its class and whose metadata field
 *     {@value #LABEL} is the index of its class as a text
 */
public record Benchmark(
        String name,
        List<Path> files,
        Optional<Classes> classes,
        Function<SkippedSamples, PairReader> opener) {
    /** The metadata field with a labelled image's class. */
    public static final String LABEL = "cls";

    /** Copies the list. */
    public Benchmark {
        files = List.copyOf(files);
    }

    /** The layouts that are known. */
    public enum Kind {
        /** COCO with Karpathy's splits: {@code dataset_coco.json} and the images' folders. */
        COCO,
        /** Flickr30k: {@code dataset_flickr30k.json}, {@code results.csv} or a token file. */
        FLICKR30K,
        /** Crossmodal-3600: {@code captions.jsonl} and {@code images}. */
        XM3600,
        /** A folder of images for each class. */
        IMAGENET,
        /** Shards as in the CLIP benchmark: {@code classnames.txt} and {@code test/0.tar}. */
        WEBDATASET
    }

    /**
     * What to read of a data set.
     *
     * @param split its part: the field measures on {@code test} ({@code val} of ImageNet)
     * @param captions at most so many of each image and language, the first; 0: what the field
     *     measures with, which is five of COCO and Flickr30k and all of the others
     * @param classes a file with the names of the classes, where they are not in the data set
     * @param templates a file with a text a line in which <code>{}</code> or <code>{c}</code>
     *     stands for the name of a class, where they are not in the data set
     */
    public record Options(
            Optional<String> split,
            int captions,
            Optional<Path> classes,
            Optional<Path> templates) {
        /** What the field measures with. */
        public static final Options DEFAULT =
                new Options(Optional.empty(), 0, Optional.empty(), Optional.empty());
    }

    /**
     * Finds a data set from what a person typed.
     *
     * @param specification {@code KIND:FOLDER}, for example {@code coco:/data/coco}
     * @throws DataException if the kind is none, or a file that it needs is missing or damaged
     */
    public static Benchmark of(String specification, Options options) {
        int colon = specification.indexOf(':');
        Kind kind = kind(colon < 0 ? "" : specification.substring(0, colon), specification);
        Path folder = Path.of(specification.substring(colon + 1));
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": no such folder");
        }
        return switch (kind) {
            case COCO -> Karpathy.coco(folder, options);
            case FLICKR30K -> Flickr30k.of(folder, options);
            case XM3600 -> Xm3600.of(folder, options);
            case IMAGENET -> ClassFolders.of(folder, options);
            case WEBDATASET -> BenchmarkShards.of(folder, options);
        };
    }

    private static Kind kind(String name, String specification) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        new DataException(
                                "data set '%s' is not KIND:FOLDER with a KIND of %s"
                                        .formatted(specification, kinds())));
    }

    private static String kinds() {
        return Arrays.stream(Kind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** The first of several files that is there. */
    static Optional<Path> first(Path folder, List<String> names) {
        return names.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }
}
