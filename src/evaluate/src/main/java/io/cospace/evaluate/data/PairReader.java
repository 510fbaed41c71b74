package io.cospace.evaluate.data;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * The pairs of a data set, one after the other in the order of the data, which is the same at every
 * reading. Holds one sample at a time in memory. Not thread-safe. {@code next} and {@code hasNext}
 * throw {@link DataException} where the data set itself cannot be read further (a broken archive, a
 * table without an image column); a bad sample is added to the {@link SkippedSamples} and passed
 * over.
 */
public interface PairReader extends Iterator<Pair>, AutoCloseable {
    /**
     * Opens data sets to be read one after the other. Each source is
     *
     * <ul>
     *   <li>a tar file in the WebDataset form: members that share their path up to the first dot of
     *       the file name are a sample (see {@link SampleParts} for the members);
     *   <li>a {@code .csv} or {@code .tsv} table with a header (see {@link TableReader});
     *   <li>a folder: with tar files in it, these by name; with a {@code metadata.csv} or {@code
     *       metadata.tsv}, that table; else all its images with captions beside them.
     * </ul>
     *
     * @param skipped takes the samples that cannot be used
     * @throws DataException if a source is missing or of no known kind
     */
    static PairReader open(List<Path> sources, SkippedSamples skipped) {
        return new ChainedReader(
                sources.stream().flatMap(s -> Source.of(s).stream()).toList(), skipped);
    }

    /** {@link #open(List, SkippedSamples)} of one source. */
    static PairReader open(Path source, SkippedSamples skipped) {
        return open(List.of(source), skipped);
    }

    /**
     * Where the image of the pair that {@code next} gave last lies.
     *
     * @throws IllegalStateException before the first
     */
    StoredImage stored();

    @Override
    void close();
}
