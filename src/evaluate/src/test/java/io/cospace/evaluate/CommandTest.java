package io.cospace.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands from their arguments to their exit code, over a fake model. */
class CommandTest {
    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Model.Opener opener = FakeModel.withTargets("null");

    /** Images 1 to 4; the captions of 3 and 4 are exchanged, 1 and 2 have German ones too. */
    @BeforeEach
    void write_pairs() throws IOException {
        FakeModel.OPENED.clear();
        StringBuilder table = new StringBuilder("image,caption,language,source\n");
        int[] captions = {0, 1, 2, 4, 3};
        for (int i = 1; i <= 4; i++) {
            Files.write(folder.resolve(i + ".jpg"), new byte[] {(byte) i});
            table.append("%d.jpg,number %d,en,a%n".formatted(i, captions[i]));
        }
        table.append("1.jpg,Nummer 1,de,a%n2.jpg,Nummer 2,de,a%n".formatted());
        Files.writeString(folder.resolve("pairs.csv"), table);
    }

    @Test
    void prints_a_table() {
        assertThat(run("evaluate", "B", "--pairs", pairs())).isZero();
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "fake/1 on pairs.csv, image tower fp32, text tower int8 on cpu, 4 images, 0 skipped",
                        "group language direction dims queries candidates R@1 R@5 R@10 MRR NDCG@10",
                        "a de image -> text 10 2 2 100.0 (100.0..100.0) 100.0 (100.0..100.0) 100.0"
                                + " (100.0..100.0) 1.000 1.000")
                .anyMatch(line -> line.startsWith("a en image -> text 10 4 4 50.0 (0.0..100.0)"));
        assertThat(FakeModel.OPENED).containsExactly("auto");
    }

    @Test
    void prints_json() throws IOException {
        assertThat(run("evaluate", "B", "--pairs", pairs(), "--json", "--precision", "fp32"))
                .isZero();
        JsonNode json = json();
        assertThat(json.at("/metrics/a.en.text_to_image.recall_at_1").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/precision/text").asText()).isEqualTo("fp32");
        assertThat(json.at("/data/0/sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(json.at("/results/1/image_to_text/recall_at_1/value").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/results/1/images").asInt()).isEqualTo(4);
        assertThat(FakeModel.OPENED).containsExactly("fp32");
    }

    @Test
    void keeps_to_the_languages_and_sizes_asked_for() throws IOException {
        String[] arguments = {
            "evaluate", "B", "--pairs", pairs(), "--json", "--language", "de", "--dimensions", "2,5"
        };
        assertThat(run(arguments)).isZero();
        JsonNode results = json().get("results");
        assertThat(IntStream.range(0, results.size()).mapToObj(results::get))
                .extracting(r -> r.get("language").asText() + r.get("dimensions").asInt())
                .containsExactly("de5", "de2");
    }

    @Test
    void all_means_every_size_of_the_bundle() throws IOException {
        assertThat(run("evaluate", "B", "--pairs", pairs(), "--json", "--dimensions", "all"))
                .isZero();
        assertThat(json().get("results")).hasSize(6);
    }

    @Test
    void measures_a_benchmark_with_captions() throws IOException {
        Files.writeString(
                folder.resolve("dataset_coco.json"),
                """
                {"images": [
                  {"filename": "1.jpg", "split": "test", "sentences": [{"raw": "one 1"}]},
                  {"filename": "2.jpg", "split": "test", "sentences": [{"raw": "two 2"}]},
                  {"filename": "3.jpg", "split": "val", "sentences": [{"raw": "three 3"}]}]}
                """);
        assertThat(run("evaluate", "B", "--dataset", "coco:" + folder, "--json")).isZero();
        JsonNode json = json();
        assertThat(json.get("dataset").asText()).isEqualTo("coco:test");
        assertThat(json.get("images").asInt()).isEqualTo(2);
        assertThat(json.at("/metrics/all.en.image_to_text.recall_at_1").asDouble()).isEqualTo(1);
        assertThat(json.at("/results/0/image_to_text/ndcg_at_10/value").asDouble()).isEqualTo(1);
    }

    /** Images 1 and 2 of class 1, image 3 of class 2: two of three are nearest to their class. */
    @Test
    void classifies_a_benchmark_with_labels() throws IOException {
        for (int i = 1; i <= 3; i++) {
            Path inner = Files.createDirectories(folder.resolve("set/val/class_" + (i + 1) / 2));
            Files.write(inner.resolve(i + ".jpg"), new byte[] {(byte) i});
        }
        String set = "imagenet:" + folder.resolve("set");
        assertThat(run("evaluate", "B", "--dataset", set, "--json")).isZero();
        JsonNode json = json();
        assertThat(json.at("/zero_shot/top_1/value").asDouble()).isEqualTo(1 / 3.0);
        assertThat(json.at("/zero_shot/mean_per_class/value").asDouble()).isEqualTo(0.25);
        assertThat(json.at("/classes/0/name").asText()).isEqualTo("class 1");
        assertThat(json.at("/classes/0/top_1").asDouble()).isEqualTo(0.5);
        assertThat(run("evaluate", "B", "--dataset", set)).isZero();
        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains("classes templates images top-1 top-5 mean per class")
                .anyMatch(line -> line.startsWith("2 1 3 33.3 (0.0..100.0)"));
    }

    @Test
    void wrong_usage_is_2() {
        assertThat(run("evaluate", "B")).isEqualTo(2);
        assertThat(err.toString()).contains("--pairs=PATH").contains("--dataset=KIND:DIR");
        assertThat(run("evaluate", "B", "--pairs", pairs(), "--dimensions", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("--dimensions is 3; the bundle allows [2, 5, 10]");
        assertThat(run()).isEqualTo(2);
        assertThat(run("evaluate", "B", "--pairs", pairs(), "--task", "poem")).isEqualTo(2);
    }

    @Test
    void a_failure_is_1_and_one_line() {
        String missing = folder.resolve("no.tar").toString();
        assertThat(run("evaluate", "B", "--pairs", missing)).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToNormalizingNewlines("cospace: " + missing + ": no such file or folder\n");
        assertThat(run("evaluate", "B", "--pairs", pairs(), "--language", "fr")).isEqualTo(1);
        assertThat(err.toString()).contains("cospace: the data hold no usable pair");
    }

    @Test
    void verify_passes_what_holds() {
        opener = FakeModel.withTargets(targets(0.5, "null"));
        assertThat(run("verify", "B", "--pairs", pairs())).isZero();
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .containsSubsequence(
                        "auto pairs a.en.text_to_image.recall_at_1 ok 0.5000 0.4950 0.5000",
                        "int8 text mean cosine to fp32 ok 0.9500 0.9405 0.9600",
                        "0 of 2 checks failed");
        // Once for the manifest, then each set of graphs once: int8 is what auto means here.
        assertThat(FakeModel.OPENED).containsExactly("auto", "auto", "fp32");
    }

    @Test
    void verify_compares_precisions_where_there_are_no_targets() {
        assertThat(run("verify", "B", "--pairs", pairs())).isZero();
        assertThat(out.toString()).contains("int8 text mean cosine to fp32");
        assertThat(out.toString()).contains("0 of 1 checks failed");
    }

    @Test
    void a_graph_that_was_never_compared_neither_passes_silently_nor_fails() {
        Check check = Check.unmeasured("text", "int8");
        assertThat(check.isMeasured()).isFalse();
        assertThat(check.passed()).isTrue();
        assertThat(check.name()).contains("int8 text unmeasured");
    }

    @Test
    void verify_fails_below_99_percent() throws IOException {
        opener = FakeModel.withTargets(targets(0.51, "\"fp32\""));
        assertThat(run("verify", "B", "--pairs", pairs(), "--json")).isEqualTo(1);
        JsonNode checks = json().get("checks");
        assertThat(checks.get(0).get("passed").asBoolean()).isFalse();
        assertThat(checks.get(0).get("name").asText())
                .isEqualTo("fp32 pairs a.en.text_to_image.recall_at_1");
        assertThat(checks.get(1).get("passed").asBoolean()).isTrue();
    }

    @Test
    void verify_fails_when_the_figure_does_not_exist() {
        opener = FakeModel.withTargets(targets(0.5, "null").replace("a.en", "b.en"));
        assertThat(run("verify", "B", "--pairs", pairs())).isEqualTo(1);
        assertThat(out.toString()).contains("FAILED").contains("NaN");
    }

    @Test
    void verify_says_what_it_lacks() {
        assertThat(run("verify", folder.resolve("m/v").toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("fake/1 holds no targets")
                .contains("name a data set with --pairs to compare its precisions");
        opener = FakeModel.withTargets(targets(0.5, "null"));
        assertThat(run("verify", folder.resolve("m/v").toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "target a.en.text_to_image.recall_at_1 needs the data set pairs (SHA-256");
    }

    private String targets(double value, String precision) {
        return """
        [{"data": "pairs", "sha256": "%s", "precision": %s,
          "metric": "a.en.text_to_image.recall_at_1", "value": %s, "tolerance": 0.001}]
        """
                .formatted(DataFile.of(Path.of(pairs())).sha256(), precision, value);
    }

    private String pairs() {
        return folder.resolve("pairs.csv").toString();
    }

    private JsonNode json() throws IOException {
        return JsonMapper.builder().build().readTree(out.toString().getBytes(UTF_8));
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine(opener);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
