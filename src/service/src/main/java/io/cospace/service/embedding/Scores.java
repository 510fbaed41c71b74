package io.cospace.service.embedding;

import io.cospace.encoder.bundle.Manifest;
import io.cospace.service.embedding.SimilarityRequest.Mode;
import io.cospace.service.embedding.SimilarityRequest.Score;
import io.cospace.service.embedding.SimilarityResult.Hit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The scores of one call: what it asks for is checked before any vector is made. */
final class Scores {

    private final SimilarityRequest request;
    private final Model model;

    private Scores(SimilarityRequest request, Model model) {
        this.request = request;
        this.model = model;
    }

    /**
     * @throws ProblemException when the lists do not pair up, or more scores are asked for than are
     *     answered
     */
    static Scores of(SimilarityRequest request, Model model, Limits limits) {
        long rows = request.a().size();
        long columns = request.b().size();
        Integer topK = request.topK();
        check(
                request.options().longText() != LongText.CHUNKS,
                "/long_text",
                "is chunks; a comparison needs one vector for each input");
        if (request.mode() == Mode.PAIRS) {
            check(
                    rows == columns,
                    "/b",
                    "holds %d inputs and a holds %d; pairs need as many".formatted(columns, rows));
            check(topK == null, "/top_k", "goes with mode matrix only");
            check(
                    !softmax(request, model) || rows * columns <= limits.scores(),
                    "/score",
                    "probability of %d pairs takes %d scores; at most %d are computed"
                            .formatted(rows, rows * columns, limits.scores()));
        } else if (topK == null) {
            check(
                    rows * columns <= limits.scores(),
                    "/top_k",
                    "is missing; above %d scores it is required, this call asks for %d"
                            .formatted(limits.scores(), rows * columns));
        } else {
            check(topK >= 1, "/top_k", "is %d; must be 1 or more".formatted(topK));
            long answered = rows * Math.min(topK, columns);
            check(
                    answered <= limits.scores(),
                    "/top_k",
                    "is %d; that answers %d scores, at most %d are"
                            .formatted(topK, answered, limits.scores()));
        }
        return new Scores(request, model);
    }

    /**
     * @param outcomes those of {@code a}, then those of {@code b}; all vectors
     * @throws ProblemException when the call's time is over
     */
    SimilarityResult compute(List<Outcome> outcomes, CallContext call) {
        int split = request.a().size();
        int dimensions = model.dimensions(request.options().dimensions());
        float[][] a = vectors(outcomes.subList(0, split), dimensions);
        float[][] b = vectors(outcomes.subList(split, outcomes.size()), dimensions);
        Runnable stillWanted =
                () -> {
                    if (call.deadlineNanos() - System.nanoTime() < 0) {
                        throw new ProblemException(new Problem.DeadlineExceeded(call.timeout()));
                    }
                };
        SimilarityResult.Table table =
                switch (request.mode()) {
                    case MATRIX -> matrix(a, b, stillWanted);
                    case PAIRS -> pairs(a, b, stillWanted);
                };
        StageTimes slowest = StageTimes.NONE;
        for (Outcome outcome : outcomes) {
            slowest = StageTimes.slower(slowest, ((Outcome.Vector) outcome).times());
        }
        return new SimilarityResult(model.id(), model.space(), table, Usage.of(outcomes), slowest);
    }

    private SimilarityResult.Table matrix(float[][] a, float[][] b, Runnable stillWanted) {
        Integer topK = request.topK();
        if (topK == null) {
            List<float[]> rows = new ArrayList<>(a.length);
            scored(a, b, stillWanted, row -> rows.add(row.clone()));
            return new SimilarityResult.Matrix(rows.toArray(float[][]::new));
        }
        List<List<Hit>> best = new ArrayList<>(a.length);
        scored(a, b, stillWanted, row -> best.add(TopScores.of(row, topK)));
        return new SimilarityResult.Best(best);
    }

    private SimilarityResult.Table pairs(float[][] a, float[][] b, Runnable stillWanted) {
        float[] scores = new float[a.length];
        if (softmax(request, model)) {
            int[] at = {0};
            scored(
                    a,
                    b,
                    stillWanted,
                    row -> {
                        scores[at[0]] = row[at[0]];
                        at[0]++;
                    });
            return new SimilarityResult.Pairs(scores);
        }
        for (int i = 0; i < a.length; i++) {
            float[] one = {CosineMatrix.cosine(a[i], b[i])};
            toScores(one);
            scores[i] = one[0];
        }
        return new SimilarityResult.Pairs(scores);
    }

    private void scored(
            float[][] a, float[][] b, Runnable stillWanted, Consumer<float[]> consumer) {
        new CosineMatrix(b)
                .rows(
                        a,
                        stillWanted,
                        row -> {
                            toScores(row);
                            consumer.accept(row);
                        });
    }

    /** Turns the cosines of one row into what the call asks for, in place. */
    private void toScores(float[] row) {
        if (request.score() == Score.COSINE) {
            return;
        }
        double scale = model.manifest().logitScale();
        double bias = model.manifest().logitBias();
        if (model.manifest().score() == Manifest.Score.SIGMOID) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) (1 / (1 + Math.exp(-(scale * row[j] + bias))));
            }
            return;
        }
        double max = Double.NEGATIVE_INFINITY;
        for (float cosine : row) {
            max = Math.max(max, scale * cosine);
        }
        double[] powers = new double[row.length];
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            powers[j] = Math.exp(scale * row[j] - max);
            sum += powers[j];
        }
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) (powers[j] / sum);
        }
    }

    private static float[][] vectors(List<Outcome> outcomes, int dimensions) {
        float[][] vectors = new float[outcomes.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = ((Outcome.Vector) outcomes.get(i)).cut(dimensions);
        }
        return vectors;
    }

    private static boolean softmax(SimilarityRequest request, Model model) {
        return request.score() == Score.PROBABILITY
                && model.manifest().score() == Manifest.Score.SOFTMAX;
    }

    private static void check(boolean holds, String pointer, String reason) {
        if (!holds) {
            throw new ProblemException(Problem.InvalidRequest.at(pointer, reason));
        }
    }
}
