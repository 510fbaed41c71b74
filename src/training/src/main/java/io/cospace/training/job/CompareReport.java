package io.cospace.training.job;

import io.cospace.evaluate.Figures;
import io.cospace.training.align.StepReport;
import io.cospace.training.job.Comparison.Cell;
import io.cospace.training.job.Comparison.Row;
import io.cospace.training.report.Html;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code report.html} of a comparison: recipes side by side. */
final class CompareReport {
    private CompareReport() {}

    /**
     * The page.
     *
     * @param losses of the first seed's steps by contender; those taken over from an earlier run
     *     have none
     * @param yaml what all contenders share
     */
    static String html(Comparison comparison, Map<String, List<StepReport>> losses, String yaml) {
        StringBuilder body = new StringBuilder();
        body.append(
                "<p class=\"soft\">Percent; mean ± deviation between seeds, and the 95 % interval"
                        + " over queries.</p>");
        for (int c = 0; c < comparison.columns().size(); c++) {
            body.append(bars(comparison, c));
        }
        for (int k : Figures.CUTS) {
            body.append("<h2>R@").append(k).append("</h2>").append(table(comparison, k));
        }
        body.append("<h2>Loss, first seed</h2><div class=\"grid\">");
        losses.forEach((name, steps) ->
                byStage(steps)
                        .forEach((stage, own) ->
                                body.append(
                                        Html.curve(
                                                name + ": " + stage,
                                                own.stream()
                                                        .mapToDouble(StepReport::loss)
                                                        .toArray()))));
        body.append("</div><h2>What all share</h2><pre>").append(Html.escaped(yaml));
        return Html.page("Recipes side by side", body.append("</pre>").toString());
    }

    private static Map<String, List<StepReport>> byStage(List<StepReport> steps) {
        Map<String, List<StepReport>> stages = new LinkedHashMap<>();
        steps.forEach(s -> stages.computeIfAbsent(s.stage(), k -> new ArrayList<>()).add(s));
        return stages;
    }

    /** R@1 of a column as bars with their intervals. */
    private static String bars(Comparison comparison, int column) {
        List<Html.Bar> bars = new ArrayList<>();
        for (Row row : comparison.rows()) {
            Cell cell = row.at(1).get(column);
            bars.add(
                    new Html.Bar(
                            row.contender().name(),
                            cell.mean(),
                            cell.interval().low(),
                            cell.interval().high(),
                            String.format(Locale.ROOT, "%.1f", 100 * cell.mean())));
        }
        return Html.bars("R@1, " + comparison.columns().get(column).title(), bars);
    }

    private static String table(Comparison comparison, int k) {
        List<String> header = new ArrayList<>(List.of("contender", "what", "seeds"));
        comparison.columns().forEach(column -> header.add(column.title()));
        List<List<String>> rows = new ArrayList<>();
        for (Row row : comparison.rows()) {
            List<String> cells =
                    new ArrayList<>(
                            List.of(
                                    row.contender().name(),
                                    row.contender().about(),
                                    String.valueOf(row.seeds())));
            row.at(k).forEach(cell -> cells.add(cell.text() + " (" + cell.range() + ")"));
            rows.add(cells);
        }
        return Html.table(header, rows);
    }
}
