package io.cospace.export.recipe;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.export.ExportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The classes an image classifier knows, in the order of its outputs, each with the words that name
 * it.
 */
public final class ClassTable {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private ClassTable() {}

    /**
     * One class.
     *
     * @param wnid WordNet synset, such as {@code n01440764}
     * @param lemmas the synset's words, at least one
     * @param gloss its definition
     */
    public record ImageClass(String wnid, List<String> lemmas, String gloss) {
        public ImageClass {
            lemmas = List.copyOf(lemmas);
            if (lemmas.isEmpty()) {
                throw new IllegalArgumentException("class " + wnid + " has no lemma");
            }
        }

        /**
         * The texts whose mean is the class's place among texts: each lemma, a photo of it, and the
         * gloss.
         */
        public List<String> texts() {
            List<String> texts = new ArrayList<>();
            for (String lemma : lemmas) {
                texts.add(lemma);
                texts.add("a photo of a " + lemma);
            }
            texts.add(gloss);
            return texts;
        }
    }

    /** Reads {@code imagenet-classes.json}: an array of {@code {wnid, lemmas, gloss}}. */
    public static List<ImageClass> read(Path file) {
        try {
            return List.of(JSON.readValue(file.toFile(), ImageClass[].class));
        } catch (IOException e) {
            throw new ExportException(
                    "cannot read the class table " + file + ": " + e.getMessage(), e);
        }
    }
}
