package io.cospace.training.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.data.PairReader;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.data.StoredImage;
import io.cospace.export.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All samples of some data sets with their captions in memory and their images on disk, read once
 * from end to end: about half a kilobyte a sample, so that millions fit. Samples keep the order of
 * the data, which is the same at every reading. Immutable, so safe for use by many threads.
 */
public final class PairIndex {
    private final List<Sample> samples;
    private final String hash;

    /**
     * A sample without its image.
     *
     * @param key its name in the data set
     * @param captions at least one
     * @param metadata what else the data say of it
     * @param image where its image lies
     * @param hash SHA-256 of the image file's bytes, 64 hexadecimal digits
     */
    public record Sample(
            String key,
            List<Caption> captions,
            Map<String, Object> metadata,
            StoredImage image,
            String hash) {
        /** Copies the collections. */
        public Sample {
            captions = List.copyOf(captions);
            metadata = Map.copyOf(metadata);
        }

        /** The field {@code name} of the metadata where it is a text. */
        public Optional<String> text(String name) {
            return metadata.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
        }

        /** The sample as a pair, its image read. */
        public Pair pair() throws IOException {
            return new Pair(key, image.read(), captions, metadata);
        }
    }

    private PairIndex(List<Sample> samples, String hash) {
        this.samples = List.copyOf(samples);
        this.hash = hash;
    }

    /**
     * Reads data sets (see {@link PairReader#open(List, SkippedSamples)}).
     *
     * @param skipped takes samples that cannot be used
     * @throws io.cospace.evaluate.data.DataException if a source is missing or broken
     * @throws TrainingDataException if no sample is left
     */
    public static PairIndex read(List<Path> sources, SkippedSamples skipped) {
        List<Sample> samples = new ArrayList<>();
        MessageDigest all = Digest.sha256();
        try (PairReader reader = PairReader.open(sources, skipped)) {
            while (reader.hasNext()) {
                Pair pair = reader.next();
                byte[] hash = Digest.sha256().digest(pair.image());
                all.update(hash);
                pair.captions().forEach(caption -> update(all, caption));
                samples.add(
                        new Sample(
                                pair.key(),
                                pair.captions(),
                                pair.metadata(),
                                reader.stored(),
                                HexFormat.of().formatHex(hash)));
            }
        }
        if (samples.isEmpty()) {
            throw new TrainingDataException(
                    sources + " hold no usable pair; " + skipped.count() + " were skipped");
        }
        return new PairIndex(samples, Digest.hex(all));
    }

    private static void update(MessageDigest digest, Caption caption) {
        digest.update((caption.language() + "\u0000" + caption.text() + "\u0000").getBytes(UTF_8));
    }

    /** An index of some samples of another. */
    public static PairIndex of(List<Sample> samples) {
        return new PairIndex(samples, "");
    }

    /** How many samples there are. */
    public int size() {
        return samples.size();
    }

    /** A sample by its place in the data. */
    public Sample get(int index) {
        return samples.get(index);
    }

    /** All samples, in the order of the data. */
    public List<Sample> samples() {
        return samples;
    }

    /** SHA-256 over all images and captions in their order: two equal ones are the same data. */
    public String hash() {
        return hash;
    }
}
