package io.cospace.evaluate;

import io.cospace.evaluate.data.Benchmark;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.SkippedSamples;
import io.cospace.evaluate.metrics.Relevance;
import io.cospace.evaluate.metrics.RetrievalScores;
import io.cospace.evaluate.metrics.VectorSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The vectors of a data set's images and of its distinct captions, and which belong together.
 * Immutable.
 */
public final class EncodedPairs {
    private final List<Item> items;
    private final List<Caption> captions;
    private final VectorSet imageVectors;
    private final VectorSet captionVectors;
    private final int[][] captionsOf; // by item, indices into the captions

    /**
     * An image's vector [D] with what is known of it.
     *
     * @param label the field {@link Benchmark#LABEL} of its pair, or empty
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    public record Item(
            String key, String group, List<Caption> captions, String label, float[] vector) {}

    private EncodedPairs(
            List<Item> items, List<Caption> captions, List<float[]> captionVectors, int[][] of) {
        this.items = items;
        this.captions = captions;
        this.imageVectors = VectorSet.of(items.stream().map(Item::vector).toList());
        this.captionVectors = VectorSet.of(captionVectors);
        this.captionsOf = of;
    }

    /** Joins images and captions; an image whose captions all lack a vector is left out. */
    public static EncodedPairs join(
            List<Item> items, Map<Caption, float[]> vectors, SkippedSamples skipped) {
        Map<Caption, Integer> places = new LinkedHashMap<>();
        List<float[]> rows = new ArrayList<>();
        List<Item> kept = new ArrayList<>();
        List<int[]> captionsOf = new ArrayList<>();
        for (Item item : items) {
            List<Integer> own = new ArrayList<>();
            for (Caption caption : item.captions()) {
                float[] vector = vectors.get(caption);
                if (vector != null) {
                    Integer place = places.putIfAbsent(caption, rows.size());
                    own.add(place == null ? rows.size() : place);
                    if (place == null) {
                        rows.add(vector);
                    }
                }
            }
            if (own.isEmpty()) {
                skipped.add("image", item.key(), "no caption left");
            } else {
                kept.add(item);
                captionsOf.add(own.stream().mapToInt(Integer::intValue).toArray());
            }
        }
        if (kept.isEmpty()) {
            throw new EvaluationException("the data hold no usable pair");
        }
        return new EncodedPairs(
                kept, List.copyOf(places.keySet()), rows, captionsOf.toArray(int[][]::new));
    }

    /** How many images there are. */
    public int size() {
        return items.size();
    }

    /** The images' keys, in the order of {@link #imageVectors}. */
    public List<String> keys() {
        return items.stream().map(Item::key).toList();
    }

    /** Unit vectors of the images [size, D]. */
    public VectorSet imageVectors() {
        return imageVectors;
    }

    /** The distinct captions over all images. */
    public List<Caption> captions() {
        return captions;
    }

    /** Unit vectors of {@link #captions}. */
    public VectorSet captionVectors() {
        return captionVectors;
    }

    /**
     * Retrieval within each group and language, sorted by both: images of the group that have a
     * caption of the language against these captions, equal captions counted once.
     *
     * @param dimensions the vectors are cut to so many and scaled to length 1 again; their full
     *     length leaves them as they are
     */
    public List<Figures> figures(int dimensions) {
        boolean whole = dimensions == imageVectors.dimensions();
        VectorSet imageRows = whole ? imageVectors : imageVectors.truncated(dimensions);
        VectorSet captionRows = whole ? captionVectors : captionVectors.truncated(dimensions);
        Map<String, List<Integer>> byGroup = new TreeMap<>();
        for (int i = 0; i < items.size(); i++) {
            byGroup.computeIfAbsent(items.get(i).group(), g -> new ArrayList<>()).add(i);
        }
        List<Figures> figures = new ArrayList<>();
        byGroup.forEach((group, members) -> {
            for (String language : languages(members)) {
                figures.add(score(group, language, members, imageRows, captionRows));
            }
        });
        return figures;
    }

    private Set<String> languages(List<Integer> members) {
        Set<String> languages = new TreeSet<>();
        for (int member : members) {
            for (int caption : captionsOf[member]) {
                languages.add(captions.get(caption).language());
            }
        }
        return languages;
    }

    private Figures score(
            String group,
            String language,
            List<Integer> members,
            VectorSet imageRows,
            VectorSet captionRows) {
        Map<Integer, Integer> places = new LinkedHashMap<>(); // caption -> place in this table
        List<Integer> images = new ArrayList<>();
        List<int[]> own = new ArrayList<>();
        for (int member : members) {
            int[] mine =
                    IntStream.of(captionsOf[member])
                            .filter(c -> captions.get(c).language().equals(language))
                            .map(c -> places.computeIfAbsent(c, k -> places.size()))
                            .toArray();
            if (mine.length > 0) {
                images.add(member);
                own.add(mine);
            }
        }
        int[] imageIndices = images.stream().mapToInt(Integer::intValue).toArray();
        int[] captionIndices = places.keySet().stream().mapToInt(Integer::intValue).toArray();
        RetrievalScores scores =
                RetrievalScores.of(
                        imageRows.select(imageIndices),
                        captionRows.select(captionIndices),
                        Relevance.of(own.toArray(int[][]::new), captionIndices.length));
        return new Figures(group, language, imageRows.dimensions(), scores);
    }
}
