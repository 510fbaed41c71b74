package io.cospace.training.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cospace.training.job.Trial.Ranking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final List<Contender> TWO = Contender.named(List.of("clip", "proclip"));

    @TempDir Path folder;

    @Test
    void a_cell_is_the_mean_over_seeds_and_an_interval_over_queries() {
        Comparison comparison =
                Comparison.of(
                        TWO,
                        List.of(
                                trial("clip", 1, 1, 2, 9, 20),
                                trial("clip", 2, 1, 1, 1, 20),
                                trial("proclip", 1, 1, 1, 1, 1)));
        Comparison.Cell clip = comparison.rows().getFirst().at(1).getFirst();
        assertThat(clip.mean()).isCloseTo(.5, within(1e-9));
        // Seeds have .25 and .75.
        assertThat(clip.deviation()).isCloseTo(Math.sqrt(.125), within(1e-9));
        assertThat(clip.interval().low()).isLessThan(.5);
        assertThat(clip.interval().high()).isGreaterThan(.5);
        assertThat(comparison.rows().getFirst().at(10).getFirst().mean()).isEqualTo(.75);
        Comparison.Cell proclip = comparison.rows().getLast().at(1).getFirst();
        assertThat(proclip.text()).isEqualTo("100.0 ± 0.0");
        assertThat(proclip.range()).isEqualTo("100.0..100.0");
    }

    @Test
    void other_languages_are_one_column_and_the_english_names_none_beside_the_captions() {
        Trial trial =
                new Trial(
                        "clip",
                        1,
                        List.of(),
                        List.of(
                                ranking("emoji", "und", 1, 1),
                                ranking("emoji", "en", 1, 1),
                                ranking("emoji", "de", 1, 9),
                                ranking("emoji", "fr", 9, 9)));
        Comparison comparison = Comparison.of(TWO, List.of(trial));
        assertThat(comparison.columns().stream().map(Comparison.Column::title))
                .containsExactly("emoji i→t", "emoji 2 languages i→t");
        assertThat(comparison.rows().getFirst().at(1).get(1).mean()).isEqualTo(.25);
    }

    @Test
    void files_have_a_line_a_contender() {
        Comparison comparison = Comparison.of(TWO, List.of(trial("clip", 1, 1, 2, 9, 20)));
        assertThat(comparison.csv()).contains("\nclip,1,drawings i→t,1,0.25,0.0,");
        assertThat(comparison.markdown(5).lines().toList())
                .hasSize(3)
                .first()
                .isEqualTo("| R@5 | drawings i→t | drawings t→i |");
        assertThat(CompareReport.html(comparison, Map.of(), "seed: 1 < 2"))
                .contains("seed: 1 &lt; 2", "<i style=\"width:", ">clip<");
    }

    @Test
    void a_kept_trial_is_read_as_it_was_written() throws Exception {
        Path file = folder.resolve("clip-1.json");
        Trial trial = trial("clip", 1, 1, 2, 9, 20);
        trial.write(file);
        assertThat(Comparison.of(TWO, List.of(Trial.read(file))))
                .isEqualTo(Comparison.of(TWO, List.of(trial)));
        Files.writeString(file, "{");
        assertThatThrownBy(() -> Trial.read(file)).hasMessageContaining("is no trial; delete it");
    }

    @Test
    void contenders_have_names_and_settings_of_their_own() throws Exception {
        Set<RecipeSettings> all = new HashSet<>();
        Path file = Files.writeString(folder.resolve("job.yaml"), job());
        for (Contender contender : Contender.ALL) {
            assertThat(all.add(JobConfig.read(file, contender.changes()).recipe()))
                    .as(contender.name())
                    .isTrue();
        }
        assertThatThrownBy(() -> Contender.named(List.of("clap")))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("no contender 'clap'; known: [clip, lift,");
    }

    private String job() throws Exception {
        Path data = Files.createFile(folder.resolve("a.tar"));
        return "data: {train: %s}\ntext: {bundle: %s}\nimage: {weights: %s}\nteacher: {classes: %s}\n"
                .formatted(data, folder, data, data);
    }

    private static Trial trial(String contender, long seed, int... ranks) {
        return new Trial(
                contender,
                seed,
                List.of(),
                List.of(
                        new Ranking("drawings", "und", true, ranks, new int[] {0, 1, 2, 3}),
                        new Ranking("drawings", "und", false, ranks, new int[] {0, 1, 2, 3})));
    }

    private static Ranking ranking(String group, String language, int... ranks) {
        return new Ranking(group, language, true, ranks, new int[] {0, 1});
    }
}
