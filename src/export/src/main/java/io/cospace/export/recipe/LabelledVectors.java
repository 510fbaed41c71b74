package io.cospace.export.recipe;

import io.cospace.evaluate.data.Pair;
import io.cospace.evaluate.metrics.Relevance;
import io.cospace.evaluate.metrics.RetrievalScores;
import io.cospace.evaluate.metrics.VectorSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Image and caption vectors of some pairs that belong together, to measure retrieval on. Pictures
 * with the same caption (the designs of one emoji) share one candidate, and any of them is right
 * for it.
 *
 * @param name of the group, as results call it
 * @param images one row a picture
 * @param captions one row a distinct caption
 * @param relevance which belong together
 */
record LabelledVectors(String name, VectorSet images, VectorSet captions, Relevance relevance) {

    /** Name of the group of pictures drawn for openclipart. */
    static final String OPENCLIPART = "openclipart";

    /** Name of the group of all emoji designs. */
    static final String EMOJI = "emoji";

    /** The group a pair is measured in. */
    static String groupOf(Pair pair) {
        return pair.text("emoji").isPresent() ? EMOJI : OPENCLIPART;
    }

    /**
     * Collects the vectors of one group.
     *
     * @param image vector of a pair's picture
     * @param text vector of a caption
     */
    static LabelledVectors of(
            String name,
            List<Pair> pairs,
            Function<Pair, float[]> image,
            Function<String, float[]> text) {
        List<float[]> images = new ArrayList<>();
        List<float[]> captions = new ArrayList<>();
        Map<String, Integer> places = new LinkedHashMap<>();
        int[][] captionsOfImage = new int[pairs.size()][];
        for (int i = 0; i < pairs.size(); i++) {
            String caption = Corpus.caption(pairs.get(i));
            images.add(image.apply(pairs.get(i)));
            Integer place = places.get(caption);
            if (place == null) {
                place = places.size();
                places.put(caption, place);
                captions.add(text.apply(caption));
            }
            captionsOfImage[i] = new int[] {place};
        }
        return new LabelledVectors(
                name,
                VectorSet.of(images),
                VectorSet.of(captions),
                Relevance.of(captionsOfImage, captions.size()));
    }

    /** Retrieval with vectors cut to {@code dimensions} and brought to unit length again. */
    RetrievalScores scores(int dimensions) {
        return RetrievalScores.of(
                images.truncated(dimensions), captions.truncated(dimensions), relevance);
    }
}
