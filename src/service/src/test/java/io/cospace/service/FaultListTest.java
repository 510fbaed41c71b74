package io.cospace.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults names tests that exist, in every row. */
class FaultListTest {

    private static final Path ROOT = Path.of(System.getProperty("cospace.root"));
    private static final Path PAGE = ROOT.resolve("src/service/FAULTS.md");
    private static final Pattern SHOWN_BY =
            Pattern.compile("`([a-z]+(?:\\.[a-z0-9]+)*\\.[A-Z]\\w+)#(\\w+)`");

    @Test
    void each_row_names_a_test_and_it_exists() throws IOException {
        List<String> rows =
                Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| ") && !line.endsWith("| | |"))
                        .skip(1)
                        .toList();
        assertThat(rows).hasSizeGreaterThan(50);
        for (String row : rows) {
            List<MatchResult> tests = SHOWN_BY.matcher(row).results().toList();
            assertThat(tests).as(row).hasSize(1);
            assertThat(source(tests.getFirst().group(1)))
                    .as(row)
                    .containsPattern("@(Parameterized)?Test\\b")
                    .containsPattern("\\n    void " + tests.getFirst().group(2) + "\\(");
        }
    }

    private static String source(String test) throws IOException {
        String file = "src/test/java/io/cospace/" + test.replace('.', '/') + ".java";
        try (Stream<Path> modules = Files.list(ROOT.resolve("src"))) {
            List<Path> found =
                    modules.map(module -> module.resolve(file)).filter(Files::exists).toList();
            assertThat(found).as(file).hasSize(1);
            return Files.readString(found.getFirst());
        }
    }
}
