package io.cospace.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.evaluate.data.Declaration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Long documents from a page of six articles, answered by the bundled model. */
class LongTextCommandTest {
    private static final List<String> ENDINGS =
            List.of(
                    "The cat drinks warm milk. It then sleeps.",
                    "A rocket flies to the moon &amp; back.",
                    "Bakers make bread before the sun rises.");

    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write_a_declaration() throws IOException {
        StringBuilder page =
                new StringBuilder("<h1>Title</h1><p>Whereas  this\nis a <b>test</b>,</p>");
        for (int i = 0; i < 3; i++) {
            String filling = "The committee of tax law number %d met again. ".formatted(i);
            page.append(
                    "<article><h2>Article</h2><p>%s</p></article>".formatted(filling.repeat(40)));
        }
        ENDINGS.forEach(text ->
                page.append("<article data-number=\"9\"><p>%s</p></article>".formatted(text)));
        Path declarations = Files.createDirectories(folder.resolve("declaration"));
        Files.writeString(declarations.resolve("eng.html"), page, UTF_8);
    }

    @Test
    void reads_a_declaration_as_plain_text() {
        Declaration read = Declaration.read(folder, "eng");

        assertThat(read.preamble()).containsExactly("Whereas this is a test,");
        assertThat(read.articles()).hasSize(6);
        assertThat(read.articles().get(4)).isEqualTo("A rocket flies to the moon & back.");
    }

    @Test
    void asks_for_what_only_the_last_page_says() {
        List<LongDocument> documents = LongDocument.of(Declaration.read(folder, "eng"));

        assertThat(documents).hasSize(3);
        LongDocument cat = documents.getFirst();
        assertThat(cat.query()).isEqualTo("The cat drinks warm milk.");
        assertThat(cat.text()).endsWith("It then sleeps.").containsOnlyOnce("cat drinks");
        assertThat(documents.get(1).text()).doesNotContain("cat drinks");
        assertThat(cat.text().length()).isGreaterThan(3 * 3 * 40 * 40);
    }

    @Test
    void finds_the_last_page_in_chunks_and_not_in_cut_texts() {
        assertThat(
                        run(
                                "long-text",
                                DefaultBundle.FOLDER.toString(),
                                "--udhr",
                                folder.toString(),
                                "--languages",
                                "eng"))
                .isZero();
        List<String> rows = out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertThat(rows.getFirst()).isEqualTo("language documents tokens pool chunks truncate_end");
        String[] cells = rows.get(1).split(" ", -1);
        assertThat(cells[0]).isEqualTo("eng");
        assertThat(Integer.parseInt(cells[2])).isGreaterThan(3 * 512);
        assertThat(Double.parseDouble(cells[4])).isEqualTo(100.0);
        // Cut texts hold nothing of the last page, so at most chance finds one of the three.
        assertThat(Double.parseDouble(cells[5])).isLessThan(100.0);
    }

    @Test
    void says_which_file_is_missing() {
        assertThat(
                        run(
                                "long-text",
                                DefaultBundle.FOLDER.toString(),
                                "--udhr",
                                folder.toString(),
                                "--languages",
                                "xyz"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("xyz.html").contains("cannot be read");
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine(EncoderModel::open);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
