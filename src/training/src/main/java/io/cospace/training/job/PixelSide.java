package io.cospace.training.job;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.Pixels;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.training.align.Batch;
import io.cospace.training.data.Augmentation;
import io.cospace.training.data.ImageLoader;
import io.cospace.training.data.PairIndex;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.data.PictureReader;
import io.cospace.training.data.TrainingDataException;
import io.cospace.training.model.Chain;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Pixels, decoded and changed for each step anew by the code that serves. A training image that
 * cannot be decoded is found when its turn comes; the next sample takes its place.
 */
final class PixelSide implements ImageSide {
    /**
     * Images that are measured at once: a scope keeps all their maps, about 80 MB each at 224 px.
     */
    private static final int PIECE = 8;

    /** Images that mean and deviation are taken of: the standard error is a 22nd of a deviation. */
    private static final int COUNTED = 512;

    private final PixelTower start;
    private final PairIndex train;
    private final Augmentation augmentation;
    private final int workers;
    private final SkippedSamples skipped;
    private final PictureReader reader;
    private final Map<Long, ImageLoader> loaders = new ConcurrentHashMap<>();

    /**
     * Over a tower.
     *
     * @param workers threads that decode, at least 1
     * @param skipped takes images that cannot be decoded
     */
    PixelSide(
            PixelTower start,
            List<Sample> train,
            Augmentation augmentation,
            int workers,
            SkippedSamples skipped) {
        this.start = start;
        this.train = PairIndex.of(train);
        this.augmentation = augmentation;
        this.workers = workers;
        this.skipped = skipped;
        this.reader = new PictureReader(start.preprocessing());
    }

    @Override
    public Rows training(int[] chosen, long epoch, long seed) {
        ImageLoader loader =
                loaders.computeIfAbsent(
                        seed,
                        s ->
                                new ImageLoader(
                                        train, start.preprocessing(), augmentation, s, skipped));
        int[] shown = new int[chosen.length];
        List<Pixels> images = new ArrayList<>();
        for (int i = 0; i < chosen.length; i++) {
            ImageLoader.Loaded loaded = loader.load(chosen[i], epoch);
            shown[i] = loaded.sample();
            images.add(loaded.pixels());
        }
        return new Rows(joined(images), shown);
    }

    @Override
    public List<Sample> train() {
        return train.samples();
    }

    @Override
    public Batch.Floats plain(List<Sample> samples) {
        return joined(
                IntStream.range(0, samples.size())
                        .parallel()
                        .mapToObj(i -> pixels(samples.get(i)))
                        .toList());
    }

    private Pixels pixels(Sample sample) {
        try {
            return reader.read(sample);
        } catch (ImageException | IOException e) {
            throw new TrainingDataException(
                    "%s: %s: cannot be read any more: %s"
                            .formatted(sample.image().file(), sample.key(), e.getMessage()),
                    e);
        }
    }

    private static Batch.Floats joined(List<Pixels> images) {
        int side = images.getFirst().height();
        int each = Pixels.CHANNELS * side * side;
        float[] values = new float[Math.multiplyExact(images.size(), each)];
        for (int i = 0; i < images.size(); i++) {
            images.get(i).values().get(values, i * each, each);
        }
        return new Batch.Floats(values, images.size(), Pixels.CHANNELS, side, side);
    }

    @Override
    public boolean usable(Sample sample) {
        try {
            reader.read(sample);
            return true;
        } catch (ImageException | IOException e) {
            skipped.add(
                    sample.image().file().toString(), sample.key(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public int piece() {
        return PIECE;
    }

    @Override
    public int workers() {
        return workers;
    }

    @Override
    public Optional<Tower> whole() {
        return start.whole() ? Optional.of(copy()) : Optional.empty();
    }

    @Override
    public Tower ending(Tower head) {
        return new Chain(copy(), head);
    }

    /** Each stage trains a copy, for another may start from the same weights. */
    private Tower copy() {
        return start.tower().over(start.tower().parameters().copied());
    }

    @Override
    public int length() {
        return start.length();
    }

    @Override
    public int pooled() {
        return start.pooled();
    }

    @Override
    public Statistics statistics() {
        int count = Math.min(COUNTED, train.size());
        List<Sample> some =
                IntStream.range(0, count)
                        .mapToObj(i -> train.get((int) ((long) i * train.size() / count)))
                        .filter(this::usable)
                        .toList();
        if (some.isEmpty()) {
            throw new TrainingDataException(
                    "none of %d training images can be decoded".formatted(count));
        }
        return Statistics.of(vectors(some).stream(), length(), pooled());
    }

    /** What the tower as it starts gives for images as they are. */
    List<float[]> vectors(List<Sample> samples) {
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < samples.size(); from += PIECE) {
            List<Sample> some = samples.subList(from, Math.min(samples.size(), from + PIECE));
            Batch.Floats pixels = plain(some);
            try (Scope _ = Scope.open();
                    Torch.NoGradient _ = Torch.noGradient()) {
                float[] values =
                        start.tower()
                                .forward(Tensors.of(pixels.values(), pixels.shape()), false)
                                .toFloats();
                for (int i = 0; i < some.size(); i++) {
                    rows.add(Arrays.copyOfRange(values, i * length(), (i + 1) * length()));
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        // Nothing is open: images are read one by one.
    }
}
