package io.cospace.training.job;

import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.training.align.Batch;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.model.Tower;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The image side of a job: what its tower reads of a sample, and the tower that recipes start from.
 * What is read may be asked for by several threads; towers belong to the one that trains.
 */
sealed interface ImageSide extends AutoCloseable permits FeatureSide, PixelSide, VectorSide {
    /**
     * What a step reads.
     *
     * @param values rows of the tower, first size [n]
     * @param samples the sample of each row: not the one asked for where its image is broken
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Rows(Batch.Floats values, int[] samples) {}

    /**
     * Rows of some training samples, changed at random: a function of these arguments alone.
     *
     * @param chosen places in the training data
     */
    Rows training(int[] chosen, long epoch, long seed);

    /** The training samples that {@link #training} counts. */
    List<Sample> train();

    /** Rows of samples as they are; each must be usable. */
    Batch.Floats plain(List<Sample> samples);

    /** Whether the image can be decoded. */
    boolean usable(Sample sample);

    /** Most rows that {@link #plain} should be asked for at once. */
    int piece();

    /** Threads that make rows ahead of the step that needs them; 0 where rows cost nothing. */
    int workers();

    /** A copy of the tower as its checkpoint has it, where that leads to the shared space. */
    Optional<Tower> whole();

    /** A tower of its own that ends in a head over the side's features. */
    Tower ending(Tower head);

    /** Values of a feature row or, of a whole tower, of its vector. */
    int length();

    /** How many of a row's features the classifier reads; the others follow. */
    int pooled();

    /** Mean and deviation of each feature over unchanged training images. */
    Statistics statistics();

    @Override
    void close();

    /**
     * The samples that are usable; the others are listed. What is kept of a broken image says so
     * without the image being decoded again, so each run lists it, but only once.
     */
    static List<Sample> usable(
            List<Sample> samples, Predicate<Sample> usable, SkippedSamples skipped) {
        List<Sample> good = new ArrayList<>();
        for (Sample sample : samples) {
            if (usable.test(sample)) {
                good.add(sample);
            } else if (skipped.listed().stream().noneMatch(known -> isOf(known, sample))) {
                skipped.add(source(sample), sample.key(), "its image cannot be decoded");
            }
        }
        return List.copyOf(good);
    }

    private static boolean isOf(SkippedSamples.Skipped known, Sample sample) {
        return known.key().equals(sample.key()) && known.source().equals(source(sample));
    }

    private static String source(Sample sample) {
        return sample.image().file().toString();
    }
}
