package io.cospace.training.data;

import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.ImageDecoder;
import io.cospace.encoder.image.ImageLimits;
import io.cospace.encoder.image.ImagePreprocessor;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.image.Preprocessing;
import io.cospace.evaluate.data.SkippedSamples;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Images of an index as the tower reads them, decoded by the code that serves and changed by an
 * augmentation. An image that cannot be decoded is counted and listed once, and the next sample of
 * the data takes its place wherever it comes up, so that every batch is full and the same at every
 * run. Thread-safe.
 */
public final class ImageLoader {
    private final PairIndex index;
    private final ImageDecoder decoder;
    private final ImagePreprocessor preprocessor;
    private final Augmentation augmentation;
    private final long seed;
    private final SkippedSamples skipped;
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    /**
     * For an index.
     *
     * @param preprocessing of the tower
     * @param seed of the augmentation
     * @param skipped takes images that cannot be decoded
     */
    public ImageLoader(
            PairIndex index,
            Preprocessing preprocessing,
            Augmentation augmentation,
            long seed,
            SkippedSamples skipped) {
        this.index = index;
        this.decoder = new ImageDecoder(ImageLimits.defaults(), preprocessing.background());
        this.preprocessor = new ImagePreprocessor(fitting(preprocessing, augmentation));
        this.augmentation = augmentation;
        this.seed = seed;
        this.skipped = skipped;
    }

    /** A crop becomes the tower's square as it is; all else is prepared as it will be served. */
    private static Preprocessing fitting(Preprocessing served, Augmentation augmentation) {
        return switch (augmentation) {
            case Augmentation.None none -> served;
            case Augmentation.Drawing drawing -> served;
            case Augmentation.RandomResizedCrop crop ->
                    new Preprocessing(
                            served.crop(),
                            Preprocessing.Resize.SQUASH,
                            served.crop(),
                            served.interpolation(),
                            served.rescale(),
                            served.mean(),
                            served.std(),
                            served.background());
        };
    }

    /**
     * An image's sample and pixels.
     *
     * @param sample the one asked for, or the one that takes its place
     */
    public record Loaded(int sample, Pixels pixels) {}

    /**
     * A sample's image in an epoch.
     *
     * @throws TrainingDataException if no image of the data can be decoded
     */
    public Loaded load(int sample, long epoch) {
        for (int i = 0; i < index.size(); i++) {
            int candidate = (sample + i) % index.size();
            if (broken.contains(candidate)) {
                continue;
            }
            PairIndex.Sample entry = index.get(candidate);
            try {
                return new Loaded(candidate, pixels(entry, candidate, epoch));
            } catch (ImageException e) {
                refuse(candidate, entry, String.valueOf(e.getMessage()));
            } catch (IOException e) {
                refuse(candidate, entry, "cannot be read: " + e.getMessage());
            }
        }
        throw new TrainingDataException(
                "no image of the data can be decoded; the first: " + first(skipped.listed()));
    }

    private static String first(List<SkippedSamples.Skipped> listed) {
        return listed.isEmpty() ? "not listed" : listed.getFirst().toString();
    }

    private Pixels pixels(PairIndex.Sample entry, int sample, long epoch) throws IOException {
        byte[] file = entry.image().read();
        return decoder.decode(
                file,
                image ->
                        preprocessor.apply(
                                augmentation.apply(
                                        image,
                                        Draws.of(seed, Draws.Purpose.PICTURE, epoch, sample))));
    }

    private void refuse(int sample, PairIndex.Sample entry, String reason) {
        if (broken.add(sample)) {
            skipped.add(entry.image().file().toString(), entry.key(), reason);
        }
    }
}
