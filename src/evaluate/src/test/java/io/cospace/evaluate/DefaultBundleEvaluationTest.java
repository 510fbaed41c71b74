package io.cospace.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * {@code cospace evaluate} on the repository's own bundle and test shard. The expected figures were
 * measured by another implementation of the same recipe (PyTorch, other int8 vectors): R@k in
 * percent. R@5 and R@10 are to be met within 3 points; R@1, from below.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class DefaultBundleEvaluationTest {
    /** This bundle is one seed; the recipe's row, a mean of three. */
    private static final double POINTS = 3;

    private JsonNode report;

    @BeforeAll
    void evaluate() throws IOException {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine(EncoderModel::open);
        line.setOut(new PrintWriter(out));
        int code =
                line.execute(
                        "evaluate",
                        DefaultBundle.FOLDER.toString(),
                        "--pairs",
                        DefaultBundle.PAIRS.toString(),
                        "--json");
        assertThat(code).isZero();
        report = JsonMapper.builder().build().readTree(out.toString());
    }

    @Test
    void reads_the_whole_shard() {
        assertThat(report.get("images").asInt()).isEqualTo(1095);
        assertThat(report.at("/skipped/count").asInt()).isZero();
        JsonNode openclipart = group("openclipart");
        assertThat(openclipart.get("images").asInt()).isEqualTo(535);
        assertThat(openclipart.get("captions").asInt()).isEqualTo(535);
        JsonNode emoji = group("emoji");
        assertThat(emoji.get("images").asInt()).isEqualTo(560);
        assertThat(emoji.get("captions").asInt()).isEqualTo(207);
    }

    @ParameterizedTest
    @CsvSource({
        "openclipart, image_to_text, 20.6, 39.0, 49.9",
        "openclipart, text_to_image, 20.1, 40.6, 50.0",
        "emoji, image_to_text, 26.0, 52.9, 64.7",
        "emoji, text_to_image, 28.5, 53.0, 66.8",
    })
    void reaches_the_figures_of_the_recipe(
            String group, String direction, double first, double fifth, double tenth) {
        assertThat(percent(group, direction, 1)).isGreaterThan(first - POINTS);
        assertThat(percent(group, direction, 5)).isCloseTo(fifth, within(POINTS));
        assertThat(percent(group, direction, 10)).isCloseTo(tenth, within(POINTS));
    }

    private double percent(String group, String direction, int k) {
        JsonNode recall = group(group).get(direction).get("recall_at_" + k);
        assertThat(recall.get("low").asDouble()).isLessThan(recall.get("high").asDouble());
        return 100 * recall.get("value").asDouble();
    }

    private JsonNode group(String name) {
        for (JsonNode result : report.get("results")) {
            if (result.get("group").asText().equals(name)) {
                return result;
            }
        }
        throw new AssertionError("no group " + name + " in " + report);
    }
}
