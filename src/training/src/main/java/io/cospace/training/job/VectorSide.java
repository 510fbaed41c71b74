package io.cospace.training.job;

import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.training.align.Batch;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.VectorStore;
import io.cospace.training.model.Identity;
import io.cospace.training.model.Tower;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Kept vectors of a whole tower that is frozen, of images that nothing changes: each image goes
 * through it once, whatever the number of epochs and runs.
 */
final class VectorSide implements ImageSide {
    private static final int PIECE = 512;

    private final VectorStore store;
    private final List<Sample> train;

    private VectorSide(VectorStore store, List<Sample> train, SkippedSamples skipped) {
        this.store = store;
        this.train = ImageSide.usable(train, this::usable, skipped);
    }

    /**
     * Opens the store and computes what it lacks. A broken image's vector is not a number.
     *
     * @param pixels side whose tower is meant
     * @param fingerprint of its weights and settings
     * @param others samples beside the training data
     * @param skipped takes those that are broken
     */
    static VectorSide of(
            PixelSide pixels,
            Path root,
            String fingerprint,
            VectorStore.Precision kept,
            List<Sample> train,
            List<Sample> others,
            SkippedSamples skipped,
            LongConsumer progress) {
        Map<String, Sample> samples = new LinkedHashMap<>();
        Stream.concat(train.stream(), others.stream())
                .forEach(sample -> samples.putIfAbsent(sample.hash(), sample));
        VectorStore store = VectorStore.open(root, fingerprint, pixels.length(), kept);
        store.fill(
                List.copyOf(samples.keySet()),
                keys -> {
                    List<Sample> all = keys.stream().map(samples::get).toList();
                    Set<Sample> good = new HashSet<>(all.stream().filter(pixels::usable).toList());
                    List<float[]> rows =
                            pixels.vectors(all.stream().filter(good::contains).toList());
                    int[] next = new int[1];
                    float[] none = new float[pixels.length()];
                    Arrays.fill(none, Float.NaN);
                    return all.stream()
                            .map(s -> good.contains(s) ? rows.get(next[0]++) : none)
                            .toList();
                },
                progress);
        return new VectorSide(store, train, skipped);
    }

    @Override
    public Rows training(int[] chosen, long epoch, long seed) {
        return new Rows(plain(Arrays.stream(chosen).mapToObj(train::get).toList()), chosen);
    }

    @Override
    public List<Sample> train() {
        return train;
    }

    @Override
    public Batch.Floats plain(List<Sample> samples) {
        return JobBatches.matrix(
                samples.stream().map(s -> store.read(s.hash())).toArray(float[][]::new));
    }

    @Override
    public boolean usable(Sample sample) {
        return !Float.isNaN(store.read(sample.hash())[0]);
    }

    @Override
    public int piece() {
        return PIECE;
    }

    @Override
    public int workers() {
        return 0;
    }

    @Override
    public Optional<Tower> whole() {
        return Optional.of(new Identity());
    }

    @Override
    public Tower ending(Tower head) {
        return head;
    }

    @Override
    public int length() {
        return store.length();
    }

    @Override
    public int pooled() {
        return store.length();
    }

    @Override
    public Statistics statistics() {
        return Statistics.of(
                train.stream().map(sample -> store.read(sample.hash())), length(), pooled());
    }

    @Override
    public void close() {
        store.close();
    }
}
