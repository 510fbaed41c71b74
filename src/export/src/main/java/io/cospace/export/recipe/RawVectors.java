package io.cospace.export.recipe;

import io.cospace.evaluate.data.Pair;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the two frozen networks say of all that the recipe reads.
 *
 * @param texts raw vector by text
 * @param images class probabilities at unit length, by pair (the object itself: keys are unique
 *     within a split only)
 */
record RawVectors(Map<String, float[]> texts, IdentityHashMap<Pair, float[]> images) {

    static RawVectors of(Sources sources, FrozenTowers towers, Graphs graphs) {
        List<Pair> pairs = sources.pairs();
        List<float[]> probabilities =
                towers.probabilities(
                        pairs.stream().map(Pair::image).toList(),
                        Settings.preprocessing(),
                        graphs.classes());
        IdentityHashMap<Pair, float[]> images = new IdentityHashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            images.put(pairs.get(i), probabilities.get(i));
        }
        return new RawVectors(
                towers.pool(
                        sources.texts(),
                        Settings.textFormat(graphs.maxTokens()),
                        graphs.features()),
                images);
    }

    /** The raw vector of a text that was read. */
    float[] text(String text) {
        float[] vector = texts.get(text);
        if (vector == null) {
            throw new IllegalStateException("This is a bug: no vector of the text " + text);
        }
        return vector;
    }

    /** The probabilities of a pair that was read. */
    float[] image(Pair pair) {
        float[] vector = images.get(pair);
        if (vector == null) {
            throw new IllegalStateException(
                    "This is a bug: no probabilities of the pair " + pair.key());
        }
        return vector;
    }
}
