package io.cospace.service.embedding;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.text.Task;
import io.cospace.service.embedding.SimilarityRequest.Mode;
import io.cospace.service.embedding.SimilarityRequest.Score;
import io.cospace.service.embedding.SimilarityResult.Hit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SimilarityTest {

    private final Workers workers = new Workers(2, 1, 100, 0);

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    void scores_each_of_a_against_each_of_b() {
        List<Input> a = texts("one", "two", "three");
        List<Input> b = texts("one", "four");
        float[][] rows =
                matrix(new SimilarityRequest(a, b, options(null), Mode.MATRIX, Score.COSINE, null));

        assertThat(rows).hasDimensions(3, 2);
        assertThat(rows[0][0]).isCloseTo(1, within(1e-6f));
        double expected = Vectors.dot(FakeModel.vectorOf("three"), FakeModel.vectorOf("four"));
        assertThat(rows[2][1]).isCloseTo((float) expected, within(1e-6f));
    }

    @Test
    void turns_cosines_into_probabilities_by_softmax_over_b() {
        List<Input> a = texts("one", "two");
        List<Input> b = texts("one", "four", "five");
        float[][] cosines =
                matrix(new SimilarityRequest(a, b, options(null), Mode.MATRIX, Score.COSINE, null));
        float[][] rows =
                matrix(
                        new SimilarityRequest(
                                a, b, options(null), Mode.MATRIX, Score.PROBABILITY, null));

        for (int i = 0; i < 2; i++) {
            double sum = 0;
            for (float cosine : cosines[i]) {
                sum += Math.exp(10 * cosine);
            }
            for (int j = 0; j < 3; j++) {
                float expected = (float) (Math.exp(10 * cosines[i][j]) / sum);
                assertThat(rows[i][j]).isCloseTo(expected, within(1e-6f));
            }
        }
    }

    @Test
    void turns_cosines_into_probabilities_by_sigmoid_where_the_bundle_says_so() {
        var request =
                new SimilarityRequest(
                        texts("one"),
                        texts("one", "four"),
                        options(null),
                        Mode.MATRIX,
                        Score.PROBABILITY,
                        null);
        var table = similarity(FakeModel.direct(Manifest.Score.SIGMOID, null), request).scores();
        float[] row = ((SimilarityResult.Matrix) table).rows()[0];
        double cosine = Vectors.dot(FakeModel.vectorOf("one"), FakeModel.vectorOf("four"));
        assertThat(row[0]).isCloseTo((float) (1 / (1 + Math.exp(-8))), within(1e-6f));
        assertThat(row[1])
                .isCloseTo((float) (1 / (1 + Math.exp(-(10 * cosine - 2)))), within(1e-6f));
    }

    @Test
    void scores_pairs_by_position() {
        List<Input> a = texts("one", "two");
        List<Input> b = texts("one", "four");
        var cosine = new SimilarityRequest(a, b, options(null), Mode.PAIRS, Score.COSINE, null);
        float[] scores =
                ((SimilarityResult.Pairs) similarity(FakeModel.direct(), cosine).scores()).scores();
        assertThat(scores).hasSize(2);
        assertThat(scores[0]).isCloseTo(1, within(1e-6f));

        var probability =
                new SimilarityRequest(a, b, options(null), Mode.PAIRS, Score.PROBABILITY, null);
        float[] shares =
                ((SimilarityResult.Pairs) similarity(FakeModel.direct(), probability).scores())
                        .scores();
        float[][] full =
                matrix(
                        new SimilarityRequest(
                                a, b, options(null), Mode.MATRIX, Score.PROBABILITY, null));
        assertThat(shares).containsExactly(full[0][0], full[1][1]);
    }

    @Test
    void answers_the_best_of_b_in_order() {
        List<Input> b = texts("one", "two", "three", "four", "two");
        var request =
                new SimilarityRequest(texts("two"), b, options(null), Mode.MATRIX, Score.COSINE, 3);
        List<Hit> row =
                ((SimilarityResult.Best) similarity(FakeModel.direct(), request).scores())
                        .rows()
                        .getFirst();

        assertThat(row).hasSize(3).extracting(Hit::index).startsWith(1, 4);
        assertThat(row).isSortedAccordingTo((x, y) -> Float.compare(y.score(), x.score()));
    }

    @Test
    void answers_all_of_b_when_fewer_than_asked() {
        var request =
                new SimilarityRequest(
                        texts("a"), texts("b", "c"), options(null), Mode.MATRIX, Score.COSINE, 9);
        var table = (SimilarityResult.Best) similarity(FakeModel.direct(), request).scores();
        assertThat(table.rows().getFirst()).hasSize(2);
    }

    @Test
    void compares_stored_vectors_of_any_length_with_new_items() {
        float[] stored = FakeModel.vectorOf("one").clone();
        for (int i = 0; i < stored.length; i++) {
            stored[i] *= 7;
        }
        List<Input> b = List.of(new Input.Vector(stored, FakeModel.SPACE));
        float[][] rows =
                matrix(
                        new SimilarityRequest(
                                texts("one"), b, options(null), Mode.MATRIX, Score.COSINE, null));
        assertThat(rows[0][0]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void compares_cut_vectors_at_the_dimensions_asked() {
        float[] cut = Vectors.truncate(FakeModel.vectorOf("one"), 4);
        List<Input> b =
                List.of(
                        new Input.Vector(cut, FakeModel.SPACE),
                        new Input.Vector(FakeModel.vectorOf("one"), FakeModel.SPACE));
        var options =
                new Options(Task.DOCUMENT, 4, LongText.REJECT, Offsets.CODE_POINTS, null, null);
        float[][] rows =
                matrix(
                        new SimilarityRequest(
                                texts("one"), b, options, Mode.MATRIX, Score.COSINE, null));
        assertThat(rows[0][0]).isCloseTo(1, within(1e-6f));
        assertThat(rows[0][1]).isCloseTo(1, within(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refuses_a_stored_vector_that_is_not_finite(float value) {
        float[] stored = FakeModel.vectorOf("one").clone();
        stored[5] = value;
        ProblemException thrown =
                problem(
                        List.of(
                                new Input.Vector(FakeModel.vectorOf("x"), FakeModel.SPACE),
                                new Input.Vector(stored, FakeModel.SPACE)),
                        null);
        assertThat(thrown.place()).isEqualTo(new Place("b", 1));
        assertThat(thrown.problem())
                .isEqualTo(
                        Problem.InvalidRequest.at(
                                "/b/1/embedding",
                                "component 5 is " + value + "; must be a finite number"));
    }

    @Test
    void refuses_a_stored_vector_of_another_length() {
        assertThat(
                        problem(List.of(new Input.Vector(new float[7], FakeModel.SPACE)), null)
                                .problem())
                .isEqualTo(
                        Problem.InvalidRequest.at(
                                "/b/0/embedding", "has 7 components; must have 8"));
    }

    @Test
    void refuses_a_stored_vector_of_zeros() {
        assertThat(
                        problem(List.of(new Input.Vector(new float[8], FakeModel.SPACE)), null)
                                .problem()
                                .detail())
                .contains("all zeros");
    }

    @Test
    void refuses_a_stored_vector_of_another_space() {
        assertThat(
                        problem(List.of(new Input.Vector(FakeModel.vectorOf("x"), "other-1")), null)
                                .problem())
                .isEqualTo(new Problem.SpaceMismatch("other-1", FakeModel.SPACE));
    }

    @Test
    void refuses_a_stored_vector_without_a_space_unless_the_call_names_one() {
        List<Input> b = List.of(new Input.Vector(FakeModel.vectorOf("one"), null));
        assertThat(problem(b, null).problem().detail()).contains("/b/0/space").contains("missing");
        float[][] rows =
                matrix(
                        new SimilarityRequest(
                                texts("one"),
                                b,
                                options(FakeModel.SPACE),
                                Mode.MATRIX,
                                Score.COSINE,
                                null));
        assertThat(rows[0][0]).isCloseTo(1, within(1e-6f));
    }

    @Test
    void refuses_pairs_of_unequal_count() {
        var request =
                new SimilarityRequest(
                        texts("a"), texts("b", "c"), options(null), Mode.PAIRS, Score.COSINE, null);
        assertThat(problem(request).problem().detail()).contains("/b").contains("2").contains("1");
    }

    @Test
    void requires_top_k_above_a_million_scores() {
        List<Input> b = stored(1001, 1);
        List<Input> a = stored(1000, 2);
        var request = new SimilarityRequest(a, b, options(null), Mode.MATRIX, Score.COSINE, null);
        assertThat(problem(request).problem().detail()).contains("/top_k").contains("1001000");
        var best = new SimilarityRequest(a, b, options(null), Mode.MATRIX, Score.COSINE, 2);
        var table = (SimilarityResult.Best) similarity(FakeModel.direct(), best).scores();
        assertThat(table.rows()).hasSize(1000).allMatch(row -> row.size() == 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refuses_top_k_below_one(int topK) {
        var request =
                new SimilarityRequest(
                        texts("a"), texts("b"), options(null), Mode.MATRIX, Score.COSINE, topK);
        assertThat(problem(request).problem().detail())
                .contains("/top_k")
                .contains(String.valueOf(topK));
    }

    @Test
    void agrees_with_plain_sums_whatever_the_sizes() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int columns : new int[] {1, 63, 64, 65, 200}) {
            float[][] b = units(random, columns);
            float[][] a = units(random, 19);
            List<float[]> rows = new ArrayList<>();
            new CosineMatrix(b).rows(a, () -> {}, row -> rows.add(row.clone()));
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < columns; j++) {
                    assertThat(rows.get(i)[j])
                            .isCloseTo((float) Vectors.dot(a[i], b[j]), within(2e-6f));
                }
            }
        }
    }

    private static float[][] units(RandomGenerator random, int count) {
        float[][] units = new float[count][];
        for (int i = 0; i < count; i++) {
            float[] vector = new float[47];
            for (int d = 0; d < vector.length; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            units[i] = Vectors.normalise(vector);
        }
        return units;
    }

    private float[][] matrix(SimilarityRequest request) {
        return ((SimilarityResult.Matrix) similarity(FakeModel.direct(), request).scores()).rows();
    }

    private SimilarityResult similarity(Model model, SimilarityRequest request) {
        ServedModels models = new ServedModels();
        models.serve(model);
        var service =
                new EmbeddingService(models, Limits.defaults(), workers, EmbeddingListener.NONE);
        var call = CallContext.interactive(System.nanoTime(), Duration.ofSeconds(20));
        return service.similarity(request, call).join();
    }

    private ProblemException problem(List<Input> b, @Nullable String space) {
        return problem(
                new SimilarityRequest(
                        texts("one"), b, options(space), Mode.MATRIX, Score.COSINE, null));
    }

    private ProblemException problem(SimilarityRequest request) {
        Throwable thrown =
                catchThrowableOfType(
                        CompletionException.class, () -> similarity(FakeModel.direct(), request));
        assertThat(thrown).hasCauseInstanceOf(ProblemException.class);
        return (ProblemException) requireNonNull(thrown.getCause());
    }

    private static List<Input> stored(int count, int seed) {
        List<Input> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vectors.add(
                    new Input.Vector(
                            FakeModel.vectorOf("v" + seed * 100_000 + i), FakeModel.SPACE));
        }
        return vectors;
    }

    private static List<Input> texts(String... texts) {
        List<Input> inputs = new ArrayList<>();
        for (String text : texts) {
            inputs.add(new Input.Text(text, null));
        }
        return inputs;
    }

    private static Options options(@Nullable String space) {
        return new Options(Task.DOCUMENT, null, LongText.REJECT, Offsets.CODE_POINTS, null, space);
    }
}
