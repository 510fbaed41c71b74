package io.cospace.encoder.bundle;

import io.cospace.encoder.math.OutputTypes;
import io.cospace.encoder.text.Task;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code self-test.json} says: inputs, the vectors that they must have, and which caption fits
 * which picture. The encoder runs it whenever it opens the bundle, so that a wrong runtime,
 * processor or file is found before the first answer.
 *
 * @param texts texts in several languages, with the fp32 graph's vectors
 * @param images small pictures, with the fp32 graph's vectors
 * @param rankings for each picture, in the order of {@code images}, indices of texts from the best
 *     fit down; texts whose order is too close to rely on are left out
 * @param minCosine for each tower and precision the least cosine to the vectors above
 */
public record SelfTest(
        List<TextCase> texts,
        List<ImageCase> images,
        List<List<Integer>> rankings,
        Tolerances minCosine) {

    /**
     * A text and its vector.
     *
     * @param embedding base64 of D little-endian float32
     */
    public record TextCase(String text, Task task, String embedding) {

        public TextCase {
            OutputTypes.fromBase64(embedding);
        }

        /** The expected unit vector [D]. */
        public float[] vector() {
            return OutputTypes.fromBase64(embedding);
        }
    }

    /**
     * A picture and its vector.
     *
     * @param image base64 of an image file
     * @param embedding base64 of D little-endian float32
     */
    public record ImageCase(String image, String embedding) {

        public ImageCase {
            OutputTypes.fromBase64(embedding);
            Base64.getDecoder().decode(image);
        }

        /** The image file. */
        public byte[] bytes() {
            return Base64.getDecoder().decode(image);
        }

        /** The expected unit vector [D]. */
        public float[] vector() {
            return OutputTypes.fromBase64(embedding);
        }
    }

    /** Per tower: least cosine by precision. */
    public record Tolerances(SortedMap<String, Double> image, SortedMap<String, Double> text) {

        public Tolerances {
            image = new TreeMap<>(image);
            text = new TreeMap<>(text);
        }
    }

    public SelfTest {
        texts = List.copyOf(texts);
        images = List.copyOf(images);
        rankings = rankings.stream().map(List::copyOf).toList();
        Checks.that(
                !texts.isEmpty() && !images.isEmpty(),
                "texts or images",
                "empty",
                "both towers must be tested");
        Checks.that(
                rankings.size() == images.size(),
                "rankings",
                rankings.size(),
                "must be one an image");
        for (List<Integer> ranking : rankings) {
            boolean unique = new HashSet<>(ranking).size() == ranking.size();
            Checks.that(unique, "rankings", ranking, "must name each text once");
            for (int index : ranking) {
                Checks.that(
                        index >= 0 && index < texts.size(),
                        "rankings",
                        index,
                        "must be an index of texts");
            }
        }
    }
}
