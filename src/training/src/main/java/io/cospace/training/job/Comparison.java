package io.cospace.training.job;

import io.cospace.evaluate.Figures;
import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.metrics.Bootstrap;
import io.cospace.evaluate.metrics.Interval;
import io.cospace.training.job.Trial.Ranking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Contenders side by side: for each column the mean over seeds with its standard deviation, and an
 * interval over queries.
 *
 * @param columns of the table
 * @param rows in their order
 */
record Comparison(List<Column> columns, List<Row> rows) {
    /**
     * A group of pairs and a direction, in its main language or as the mean of all others.
     *
     * @param languages one, or all that are not the main one
     */
    record Column(String group, List<String> languages, boolean main, boolean toText) {
        String title() {
            String language =
                    main
                            ? languages.contains(Caption.UNDETERMINED)
                                    ? ""
                                    : " " + languages.getFirst()
                            : " " + languages.size() + " languages";
            return group + language + (toText ? " i→t" : " t→i");
        }

        boolean has(Ranking ranking) {
            return ranking.group().equals(group)
                    && ranking.toText() == toText
                    && languages.contains(ranking.language());
        }
    }

    /**
     * A figure.
     *
     * @param mean over seeds, 0..1
     * @param deviation between seeds, of the sample; 0 for one seed
     * @param interval of the mean hit over queries, 95 %
     */
    record Cell(double mean, double deviation, Interval interval) {
        String text() {
            return String.format(Locale.ROOT, "%.1f ± %.1f", 100 * mean, 100 * deviation);
        }

        String range() {
            return String.format(
                    Locale.ROOT, "%.1f..%.1f", 100 * interval.low(), 100 * interval.high());
        }
    }

    /** A contender's cells by k and column. */
    record Row(Contender contender, int seeds, Map<Integer, List<Cell>> cells) {
        List<Cell> at(int k) {
            return cells.getOrDefault(k, List.of());
        }
    }

    /** Joins what was measured; contenders without a trial are left out. */
    static Comparison of(List<Contender> contenders, List<Trial> trials) {
        List<Column> columns = columns(trials.getFirst());
        List<Row> rows = new ArrayList<>();
        for (Contender contender : contenders) {
            List<Trial> own =
                    trials.stream().filter(t -> t.contender().equals(contender.name())).toList();
            if (!own.isEmpty()) {
                Map<Integer, List<Cell>> cells = new TreeMap<>();
                for (int k : Figures.CUTS) {
                    cells.put(k, columns.stream().map(column -> cell(own, column, k)).toList());
                }
                rows.add(new Row(contender, own.size(), cells));
            }
        }
        return new Comparison(columns, rows);
    }

    private static List<Column> columns(Trial trial) {
        Map<String, TreeSet<String>> languages = new LinkedHashMap<>();
        for (Ranking ranking : trial.rankings()) {
            languages
                    .computeIfAbsent(ranking.group(), group -> new TreeSet<>())
                    .add(ranking.language());
        }
        List<Column> columns = new ArrayList<>();
        languages.forEach((group, all) -> {
            String main = main(all);
            add(columns, trial, new Column(group, List.of(main), true, true));
            List<String> others =
                    all.stream()
                            .filter(Predicate.not(main::equals))
                            .filter(l -> !l.equals(main.equals(Caption.UNDETERMINED) ? "en" : main))
                            .toList();
            if (!others.isEmpty()) {
                add(columns, trial, new Column(group, others, false, true));
            }
        });
        return columns;
    }

    /** Captions without a language are the data's own; else English ones, else the first. */
    private static String main(TreeSet<String> all) {
        return all.contains(Caption.UNDETERMINED)
                ? Caption.UNDETERMINED
                : all.contains("en") ? "en" : all.first();
    }

    private static void add(List<Column> to, Trial trial, Column toText) {
        Column toImage = new Column(toText.group(), toText.languages(), toText.main(), false);
        for (Column column : List.of(toText, toImage)) {
            if (trial.rankings().stream().anyMatch(column::has)) {
                to.add(column);
            }
        }
    }

    private static Cell cell(List<Trial> trials, Column column, int k) {
        List<double[]> bySeed = new ArrayList<>();
        int[] clusters = {};
        for (Trial trial : trials) {
            List<Ranking> found = trial.rankings().stream().filter(column::has).toList();
            bySeed.add(joined(found.stream().map(r -> r.hits(k)).toList()));
            clusters = clusters(found);
        }
        double[] mean = new double[clusters.length];
        double[] means = new double[bySeed.size()];
        for (int s = 0; s < means.length; s++) {
            for (int i = 0; i < mean.length; i++) {
                means[s] += bySeed.get(s)[i] / mean.length;
                mean[i] += bySeed.get(s)[i] / means.length;
            }
        }
        Interval interval = Bootstrap.DEFAULT.interval(mean, clusters);
        return new Cell(interval.mean(), deviation(means), interval);
    }

    private static double[] joined(List<double[]> parts) {
        return parts.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    }

    /** An image's queries in several languages are drawn together: clusters have one numbering. */
    private static int[] clusters(List<Ranking> of) {
        return of.stream().flatMapToInt(r -> java.util.Arrays.stream(r.clusters())).toArray();
    }

    static double deviation(double[] values) {
        double mean = java.util.Arrays.stream(values).average().orElse(0);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
    }

    /** One line a contender, k and column, fractions. */
    String csv() {
        StringBuilder csv = new StringBuilder("contender,seeds,column,k,mean,deviation,low,high\n");
        for (Row row : rows) {
            row.cells()
                    .forEach((k, cells) -> {
                        for (int c = 0; c < cells.size(); c++) {
                            Cell cell = cells.get(c);
                            csv.append(
                                    "%s,%d,%s,%d,%s,%s,%s,%s\n"
                                            .formatted(
                                                    row.contender().name(),
                                                    row.seeds(),
                                                    columns.get(c).title(),
                                                    k,
                                                    cell.mean(),
                                                    cell.deviation(),
                                                    cell.interval().low(),
                                                    cell.interval().high()));
                        }
                    });
        }
        return csv.toString();
    }

    /** Percent R@k: mean, deviation between seeds, interval over queries. */
    String markdown(int k) {
        StringBuilder text = new StringBuilder("| R@" + k + " |");
        columns.forEach(column -> text.append(' ').append(column.title()).append(" |"));
        text.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        for (Row row : rows) {
            text.append("| ").append(row.contender().about()).append(" |");
            row.at(k)
                    .forEach(
                            cell -> text.append(" %s (%s) |".formatted(cell.text(), cell.range())));
            text.append('\n');
        }
        return text.toString();
    }
}
