package io.cospace.export.recipe;

import io.cospace.encoder.bundle.Manifest.FileEntry;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a bundle comes from: what {@code run.json} says. Whoever has the same ingredients and the
 * same versions can make the same bytes again.
 *
 * @param recipe what was done, with its settings
 * @param seed of random draws; a recipe that has none says so
 * @param ingredients every file that was read, by its name in the ingredients' folder
 * @param counts how much of what there was
 * @param versions of the programs that compute
 * @param truncation R@10 at each size, on each group
 * @param metrics what was measured, by the names that {@code cospace evaluate --json} uses
 */
record RunRecord(
        Recipe recipe,
        String seed,
        SortedMap<String, FileEntry> ingredients,
        SortedMap<String, Long> counts,
        SortedMap<String, String> versions,
        List<Truncation.Row> truncation,
        SortedMap<String, Double> metrics) {

    /**
     * The recipe's name and settings.
     *
     * @param name which recipe
     * @param settings what it was told, by name
     */
    record Recipe(String name, SortedMap<String, Object> settings) {}

    static RunRecord of(
            Recipe recipe,
            String seed,
            SortedMap<String, FileEntry> ingredients,
            Sources sources,
            List<Truncation.Row> truncation,
            SortedMap<String, Double> metrics) {
        return new RunRecord(
                recipe,
                seed,
                ingredients,
                new TreeMap<>(
                        Map.of(
                                "corpus_texts", (long) sources.corpus().size(),
                                "training_pairs", (long) sources.training().size(),
                                "validation_pairs", (long) sources.validation().size(),
                                "test_pairs", (long) sources.test().size(),
                                "classes", (long) sources.classes().size())),
                Versions.read(),
                truncation,
                metrics);
    }
}
