package io.cospace.training.job;

import io.cospace.evaluate.EncodedPairs;
import io.cospace.evaluate.Figures;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.metrics.Bootstrap;
import io.cospace.evaluate.metrics.Interval;
import io.cospace.evaluate.metrics.RetrievalScores.Direction;
import io.cospace.evaluate.metrics.VectorSet;
import io.cospace.training.align.StepReport;
import io.cospace.training.data.PairIndex.Sample;
import io.cospace.training.report.Html;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code report.html} of a run. */
final class RunReport {
    private static final int EXAMPLES = 12;
    private static final int NEAREST = 5;

    private RunReport() {}

    static String html(
            String title,
            String yaml,
            List<StepReport> steps,
            List<Sample> samples,
            EncodedPairs pairs,
            List<Figures> figures) {
        Map<String, List<StepReport>> byStage = new LinkedHashMap<>();
        steps.forEach(s -> byStage.computeIfAbsent(s.stage(), k -> new ArrayList<>()).add(s));
        StringBuilder body = new StringBuilder("<h2>Loss</h2><div class=\"grid\">");
        byStage.forEach((stage, own) ->
                body.append(
                        Html.curve(stage, own.stream().mapToDouble(StepReport::loss).toArray())));
        body.append("</div><h2>Retrieval, test</h2>").append(table(figures));
        body.append("<h2>Nearest captions of some images</h2><div class=\"grid\">");
        IntStream.range(0, Math.min(EXAMPLES, pairs.size()))
                .map(i -> (int) ((long) i * pairs.size() / EXAMPLES))
                .filter(i -> i < samples.size())
                .forEach(i -> body.append(captions(i, samples, pairs)));
        body.append("</div><h2>Nearest images of some captions</h2>");
        IntStream.range(0, Math.min(EXAMPLES, pairs.captions().size()))
                .map(i -> (int) ((long) i * pairs.captions().size() / EXAMPLES))
                .forEach(c -> body.append(images(c, samples, pairs)));
        body.append("<h2>Configuration</h2><pre>").append(Html.escaped(yaml)).append("</pre>");
        return Html.page(title, body.toString());
    }

    static String table(List<Figures> figures) {
        List<List<String>> rows = new ArrayList<>();
        for (Figures f : figures) {
            rows.add(row(f, "image to text", f.scores().imageToText()));
            rows.add(row(f, "text to image", f.scores().textToImage()));
        }
        return Html.table(
                List.of("group", "language", "direction", "queries", "R@1", "R@5", "R@10", "MRR"),
                rows);
    }

    private static List<String> row(Figures f, String name, Direction direction) {
        List<String> cells = new ArrayList<>();
        cells.add(f.group());
        cells.add(f.language().equals(Caption.UNDETERMINED) ? "-" : f.language());
        cells.add(name);
        cells.add(String.valueOf(direction.queries()));
        for (int k : Figures.CUTS) {
            Interval share = direction.recallInterval(k, Bootstrap.DEFAULT);
            cells.add(
                    String.format(
                            Locale.ROOT,
                            "%.1f (%.1f..%.1f)",
                            100 * share.mean(),
                            100 * share.low(),
                            100 * share.high()));
        }
        cells.add(String.format(Locale.ROOT, "%.3f", direction.ranks().meanReciprocal()));
        return cells;
    }

    private static String captions(int image, List<Sample> samples, EncodedPairs pairs) {
        Sample sample = samples.get(image);
        StringBuilder html = new StringBuilder("<div class=\"card\">");
        html.append(picture(sample, "")).append("<ol>");
        for (int c : nearest(pairs.imageVectors().row(image), pairs.captionVectors())) {
            Caption caption = pairs.captions().get(c);
            boolean own = sample.captions().stream().anyMatch(o -> o.text().equals(caption.text()));
            html.append(own ? "<li class=\"right\">" : "<li>")
                    .append(Html.escaped(caption.text()))
                    .append("</li>");
        }
        return html.append("</ol></div>\n").toString();
    }

    private static String images(int caption, List<Sample> samples, EncodedPairs pairs) {
        String text = pairs.captions().get(caption).text();
        StringBuilder html = new StringBuilder("<p>").append(Html.escaped(text));
        html.append("</p><div class=\"row\">");
        for (int i : nearest(pairs.captionVectors().row(caption), pairs.imageVectors())) {
            Sample sample = samples.get(i);
            boolean own = sample.captions().stream().anyMatch(o -> o.text().equals(text));
            html.append(picture(sample, own ? "own" : ""));
        }
        return html.append("</div>\n").toString();
    }

    private static String picture(Sample sample, String style) {
        try {
            return Html.picture(sample.image().read(), sample.captions().getFirst().text(), style);
        } catch (IOException e) {
            return Html.escaped(sample.key());
        }
    }

    private static List<Integer> nearest(float[] query, VectorSet among) {
        double[] scores = new double[among.size()];
        for (int i = 0; i < scores.length; i++) {
            float[] row = among.row(i);
            for (int k = 0; k < row.length; k++) {
                scores[i] += query[k] * row[k];
            }
        }
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(NEAREST)
                .toList();
    }
}
