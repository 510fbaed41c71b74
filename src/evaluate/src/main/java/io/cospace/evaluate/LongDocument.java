package io.cospace.evaluate;

import io.cospace.evaluate.data.Declaration;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A document of about ten pages and a query that only its last page answers.
 *
 * @param language of both
 * @param text three times the first half of a declaration, each time in another order, then one
 *     article of its second half, which no other document of the language holds
 * @param query the first sentence of that article
 */
record LongDocument(String language, String text, String query) {

    /** How often the first half is repeated; in English that makes about ten pages. */
    private static final int REPEATS = 3;

    /** One document for each article of the second half. */
    static List<LongDocument> of(Declaration declaration) {
        List<String> articles = declaration.articles();
        int half = articles.size() / 2;
        List<String> filling = new ArrayList<>(declaration.preamble());
        filling.addAll(articles.subList(0, half));
        List<LongDocument> documents = new ArrayList<>();
        for (int i = half; i < articles.size(); i++) {
            String last = articles.get(i);
            String text = pages(filling, i) + "\n" + last;
            documents.add(new LongDocument(declaration.language(), text, firstSentence(last)));
        }
        return documents;
    }

    private static String pages(List<String> filling, long seed) {
        Random random = new Random(seed);
        List<String> parts = new ArrayList<>();
        for (int r = 0; r < REPEATS; r++) {
            List<String> order = new ArrayList<>(filling);
            Collections.shuffle(order, random);
            parts.addAll(order);
        }
        return String.join("\n", parts);
    }

    private static String firstSentence(String text) {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text);
        return text.substring(0, sentences.next()).strip();
    }
}
