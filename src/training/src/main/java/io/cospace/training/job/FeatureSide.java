package io.cospace.training.job;

import io.cospace.training.align.Batch;
import io.cospace.training.data.Draws;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.model.Tower;
import java.util.List;
import java.util.Optional;

/**
 * Kept features of a frozen EfficientNet-Lite and of some changed copies of each image.
 *
 * @param train the training data, all usable
 * @param copies changed ones of each image
 */
record FeatureSide(FrozenImages images, List<Sample> train, int copies) implements ImageSide {
    private static final int PIECE = 512;

    @Override
    public Rows training(int[] chosen, long epoch, long seed) {
        float[][] rows = new float[chosen.length][];
        for (int i = 0; i < rows.length; i++) {
            int copy = Draws.of(seed, Draws.Purpose.PICTURE, epoch, chosen[i]).nextInt(copies + 1);
            rows[i] = images.features(train.get(chosen[i]), copy);
        }
        return new Rows(JobBatches.matrix(rows), chosen);
    }

    @Override
    public Batch.Floats plain(List<Sample> samples) {
        return JobBatches.matrix(
                samples.stream().map(s -> images.features(s, 0)).toArray(float[][]::new));
    }

    @Override
    public boolean usable(Sample sample) {
        return images.usable(sample);
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
        return Optional.empty();
    }

    @Override
    public Tower ending(Tower head) {
        return head;
    }

    @Override
    public int length() {
        return images.length();
    }

    @Override
    public int pooled() {
        return images.pooled();
    }

    @Override
    public Statistics statistics() {
        return Statistics.of(
                train.stream().map(sample -> images.features(sample, 0)), length(), pooled());
    }

    @Override
    public void close() {
        images.close();
    }
}
