package io.cospace.evaluate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** All figures equal an independent implementation; see golden/metrics/README.md. */
class GoldenMetricsTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final JsonNode GOLDEN = json();

    @Test
    void retrieval_with_several_captions_an_image() {
        RetrievalScores scores =
                retrieval(GOLDEN.get("sim"), Relevance.ofOwners(ints(GOLDEN.get("owner")), 6));
        compare(scores, GOLDEN.get("retrieval"), 1, 2, 5);
    }

    @Test
    void retrieval_one_to_one() {
        JsonNode golden = GOLDEN.get("one_to_one");
        int[] owners = IntStream.range(0, 6).toArray();
        compare(retrieval(golden.get("sim"), Relevance.ofOwners(owners, 6)), golden, 1, 5);
    }

    /** Unit images and the columns as captions: the dot products are the given scores, exactly. */
    private static RetrievalScores retrieval(JsonNode similarity, Relevance relevance) {
        List<float[]> images = new ArrayList<>();
        List<float[]> captions = new ArrayList<>();
        int n = similarity.size();
        for (int i = 0; i < n; i++) {
            float[] unit = new float[n];
            unit[i] = 1;
            images.add(unit);
        }
        for (int c = 0; c < similarity.get(0).size(); c++) {
            float[] column = new float[n];
            for (int i = 0; i < n; i++) {
                column[i] = (float) similarity.get(i).get(c).asDouble();
            }
            captions.add(column);
        }
        return RetrievalScores.of(VectorSet.of(images), VectorSet.of(captions), relevance);
    }

    private static void compare(RetrievalScores scores, JsonNode golden, int... ks) {
        for (TieRule rule : TieRule.values()) {
            JsonNode expected = golden.get(rule.name().toLowerCase(Locale.ROOT));
            compare(scores.imageToText().ranks(rule), expected, "i2t", ks);
            compare(scores.textToImage().ranks(rule), expected, "t2i", ks);
        }
    }

    private static void compare(Ranks ranks, JsonNode expected, String direction, int... ks) {
        assertThat(ranks.values()).isEqualTo(ints(expected.get(direction + "_ranks")));
        for (int k : ks) {
            assertThat(ranks.recall(k))
                    .isCloseTo(expected.get(direction + "_r@" + k).asDouble(), EXACT);
        }
        assertThat(ranks.median()).isEqualTo(expected.get(direction + "_median_rank").asDouble());
        assertThat(ranks.meanReciprocal())
                .isCloseTo(expected.get(direction + "_mrr").asDouble(), EXACT);
    }

    @Test
    void zero_shot_classification() {
        JsonNode golden = GOLDEN.get("zero_shot");
        List<float[]> images = new ArrayList<>();
        golden.get("logits").forEach(row -> images.add(floats(row)));
        List<float[]> classes = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            float[] unit = new float[4];
            unit[c] = 1;
            classes.add(unit);
        }
        ZeroShot zeroShot =
                ZeroShot.classify(
                        VectorSet.of(images), VectorSet.of(classes), ints(golden.get("labels")));
        assertThat(zeroShot.predictions()).isEqualTo(ints(golden.get("pred")));
        assertThat(zeroShot.top(1)).isCloseTo(golden.get("top1").asDouble(), EXACT);
        assertThat(zeroShot.top(2)).isCloseTo(golden.get("top2").asDouble(), EXACT);
        assertThat(zeroShot.perClass()).containsExactly(doubles(golden.get("per_class")), EXACT);
        assertThat(zeroShot.meanPerClass())
                .isCloseTo(golden.get("mean_per_class").asDouble(), EXACT);
    }

    @Test
    void class_vectors_from_templates() throws IOException {
        float[][] text = tensor("text", 12, 8);
        float[][] expected = tensor("class_vectors", 4, 8);
        List<List<float[]>> byClass =
                IntStream.range(0, 4)
                        .mapToObj(c -> List.of(text[3 * c], text[3 * c + 1], text[3 * c + 2]))
                        .toList();
        VectorSet classes = ZeroShot.classVectors(byClass);
        for (int c = 0; c < 4; c++) {
            assertThat(classes.row(c)).containsExactly(expected[c], within(1e-6f));
        }
        int[] labels = ints(GOLDEN.get("zero_shot_templates").get("pred"));
        VectorSet images = VectorSet.of(List.of(tensor("image", 5, 8)));
        assertThat(ZeroShot.classify(images, classes, labels).predictions()).isEqualTo(labels);
    }

    @Test
    void ranking_with_grades() {
        List<RankedList> lists = new ArrayList<>();
        for (JsonNode query : GOLDEN.get("ranking")) {
            RankedList list =
                    RankedList.of(doubles(query.get("scores")), ints(query.get("relevance")));
            assertThat(list.order()).isEqualTo(ints(query.get("order")));
            compare(list, query);
            assertThat(list.recall(10)).isCloseTo(query.get("recall_at_10").asDouble(), EXACT);
            lists.add(list);
        }
        JsonNode mean = GOLDEN.get("ranking_mean");
        assertThat(RankedList.mean(lists, l -> l.ndcg(10, RankedList.Gain.LINEAR)))
                .isCloseTo(mean.get("ndcg10_linear").asDouble(), EXACT);
        assertThat(RankedList.mean(lists, l -> l.ndcg(10, RankedList.Gain.EXPONENTIAL)))
                .isCloseTo(mean.get("ndcg10_exp").asDouble(), EXACT);
        assertThat(RankedList.mean(lists, RankedList::averagePrecision))
                .isCloseTo(mean.get("average_precision").asDouble(), EXACT);
        assertThat(RankedList.mean(lists, l -> l.averagePrecision(10)))
                .isCloseTo(mean.get("average_precision_at_10").asDouble(), EXACT);
        assertThat(RankedList.mean(lists, RankedList::reciprocalRank))
                .isCloseTo(mean.get("reciprocal_rank").asDouble(), EXACT);
    }

    private static void compare(RankedList list, JsonNode expected) {
        assertThat(list.ndcg(10, RankedList.Gain.LINEAR))
                .isCloseTo(expected.get("ndcg10_linear").asDouble(), EXACT);
        assertThat(list.ndcg(10, RankedList.Gain.EXPONENTIAL))
                .isCloseTo(expected.get("ndcg10_exp").asDouble(), EXACT);
        assertThat(list.averagePrecision())
                .isCloseTo(expected.get("average_precision").asDouble(), EXACT);
        assertThat(list.averagePrecision(10))
                .isCloseTo(expected.get("average_precision_at_10").asDouble(), EXACT);
        assertThat(list.reciprocalRank())
                .isCloseTo(expected.get("reciprocal_rank").asDouble(), EXACT);
    }

    @Test
    void correlations() {
        JsonNode golden = GOLDEN.get("spearman");
        double[] a = doubles(golden.get("a"));
        double[] b = doubles(golden.get("b"));
        assertThat(Correlation.averageRanks(a)).isEqualTo(doubles(golden.get("ranks_a")));
        assertThat(Correlation.averageRanks(b)).isEqualTo(doubles(golden.get("ranks_b")));
        assertThat(Correlation.spearman(a, b)).isCloseTo(golden.get("rho").asDouble(), EXACT);
        assertThat(Correlation.pearson(a, b)).isCloseTo(golden.get("pearson").asDouble(), EXACT);
        assertThat(Correlation.spearman(new double[8], b)).isNaN();
    }

    @Test
    void strict_pairs() {
        JsonNode golden = GOLDEN.get("strict_pair");
        assertThat(
                        Correlation.pairAccuracy(
                                doubles(golden.get("positive")), doubles(golden.get("negative"))))
                .isCloseTo(golden.get("accuracy").asDouble(), EXACT);
    }

    private static JsonNode json() {
        try (InputStream in = resource("metrics.json")) {
            return JsonMapper.builder().build().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of a float tensor; the file is small enough to be read by its published layout. */
    private static float[][] tensor(String name, int rows, int columns) throws IOException {
        try (InputStream in = resource("zero_shot_templates.safetensors")) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            int header = (int) file.getLong();
            JsonNode entry =
                    JsonMapper.builder().build().readTree(file.array(), 8, header).get(name);
            file.position(8 + header + entry.get("data_offsets").get(0).asInt());
            float[][] tensor = new float[rows][columns];
            for (float[] row : tensor) {
                for (int k = 0; k < columns; k++) {
                    row[k] = file.getFloat();
                }
            }
            return tensor;
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                GoldenMetricsTest.class.getResourceAsStream("/golden/metrics/" + name));
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }

    private static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) array.get(i).asDouble();
        }
        return floats;
    }
}
