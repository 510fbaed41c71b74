package io.cospace.evaluate.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the files of a chart hold.
 *
 * @param series of all files
 * @param ratios of all files
 * @param soaks whole files
 * @param names of all contestants, in the order of their colours
 */
record Results(
        List<Measured> series, List<Compared> ratios, List<JsonNode> soaks, List<String> names) {

    /** A series and the workload of its file. */
    record Measured(String workload, String name, JsonNode node) {
        String load() {
            return node.path("load").asText();
        }

        /** A figure, or its median; NaN where it was not measured. */
        double figure(String key) {
            JsonNode figure = node.path(key);
            return figure.isObject() ? number(figure, "median") : number(node, key);
        }

        double end(String key, String which) {
            return number(node.path(key), which);
        }
    }

    /** A ratio and the workload of its file. */
    record Compared(String workload, JsonNode node) {
        String text(String key) {
            return node.path(key).asText();
        }

        double figure(String key) {
            return number(node, key);
        }
    }

    static double number(JsonNode node, String key) {
        return node.path(key).isNumber() ? node.path(key).doubleValue() : Double.NaN;
    }

    /**
     * Reads files.
     *
     * @param files by name
     * @throws IllegalArgumentException naming a file that is no result
     */
    static Results of(Map<String, JsonNode> files) {
        List<Measured> series = new ArrayList<>();
        List<Compared> ratios = new ArrayList<>();
        List<JsonNode> soaks = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        files.forEach((file, root) -> {
            String workload = root.path("workload").asText();
            switch (root.path("kind").asText()) {
                case "bench" -> {
                    for (JsonNode node : root.path("series")) {
                        String name = node.path("name").asText();
                        String key = workload + '\n' + node.path("load").asText() + '\n' + name;
                        // The same cell measured twice: the file tells them apart.
                        String called = seen.add(key) ? name : name + " (" + file + ")";
                        names.add(called);
                        series.add(new Measured(workload, called, node));
                    }
                    root.path("ratios").forEach(node -> ratios.add(new Compared(workload, node)));
                }
                case "soak" -> soaks.add(root);
                default ->
                        throw new IllegalArgumentException(
                                file + " is no result of 'bench ... --json FILE'");
            }
        });
        return new Results(series, ratios, soaks, List.copyOf(names));
    }

    /** Series by workload, in the order of the files. */
    Map<String, List<Measured>> byWorkload() {
        Map<String, List<Measured>> groups = new LinkedHashMap<>();
        for (Measured one : series) {
            groups.computeIfAbsent(one.workload(), w -> new ArrayList<>()).add(one);
        }
        return groups;
    }
}
