package io.cospace.training.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTreeTest {
    @TempDir Path folder;

    @Test
    void a_file_lies_over_the_defaults_and_the_command_line_over_it() throws IOException {
        Path file = write("seed: 3\nalign: {batch: 64, teacher: ema}\ndata: {train: a.tar}\n");
        ConfigTree tree = ConfigTree.of(file, List.of("align.batch=32", "data.test=[x, y]"));
        assertThat(tree.whole("seed")).isEqualTo(3);
        assertThat(tree.number("align.batch", 1, 100)).isEqualTo(32);
        assertThat(tree.text("align.teacher")).isEqualTo("ema");
        assertThat(tree.texts("data.train")).containsExactly("a.tar");
        assertThat(tree.texts("data.test")).containsExactly("x", "y");
        assertThat(tree.number("inherit.steps", 0, 9999)).isEqualTo(1200);
    }

    @Test
    void the_configuration_in_effect_gives_itself() throws IOException {
        String yaml = ConfigTree.of(write("seed: 3\n"), List.of("align.ema=0.5")).yaml();
        assertThat(ConfigTree.of(write(yaml), List.of()).yaml()).isEqualTo(yaml);
    }

    @Test
    void errors_name_the_key_the_value_and_what_is_expected() throws IOException {
        assertRefused("algin: {}\n", "unknown key algin; known here: [recipe, seed,");
        assertRefused("align: {lr: 1}\n", "unknown key align.lr; known here: [steps, batch,");
        assertRefused("align: 3\n", "align is '3'; it must be a section of keys");
        assertRefused("seed: x\n", "seed is \"x\"; it must be a whole number");
        assertRefused("align: {steps: 1.5}\n", "align.steps is 1.5; it must be a whole number");
        assertRefused("seed: 1\nseed: 2\n", "is no YAML");
        Path file = write("align: {batch: 1}\n");
        assertThatThrownBy(() -> ConfigTree.of(file, List.of()).number("align.batch", 2, 9))
                .hasMessage("align.batch is 1; it must be 2..9");
        assertThatThrownBy(() -> ConfigTree.of(file, List.of("align.batch")))
                .hasMessage("'align.batch' is not key=value");
        assertThatThrownBy(() -> ConfigTree.of(file, List.of("x.y=1")))
                .hasMessageContaining("command line: unknown key x");
        assertThatThrownBy(() -> ConfigTree.of(folder.resolve("none"), List.of()))
                .hasMessageEndingWith("none: no such file");
    }

    @Test
    void a_job_is_refused_before_its_first_step() throws IOException {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Path data = Files.createFile(folder.resolve("a.tar"));
        String good =
                "data: {train: %s}\ntext: {bundle: %s}\nimage: {weights: %s}\nteacher: {classes: %s}\n"
                        .formatted(data, bundle, data, data);
        assertThat(JobConfig.read(write(good), List.of()).recipe().seed()).isEqualTo(11);
        assertJobRefused(good, "recipe=dream", "recipe is 'dream'; it must be one of [two-path,");
        assertJobRefused(good, "align.ema=2", "align.ema is 2.0; it must be 0.0..1.0");
        assertJobRefused(good, "data.test=no.tar", "data.test: no.tar: no such file or folder");
        assertJobRefused(good, "data.train=[]", "data.train is empty; it must name");
        assertJobRefused(good, "stages=[dance]", "stages has 'dance'; known: [cache,");
        assertJobRefused(good, "image.crop=[1]", "image.crop is [1.0]; it must be two shares");
    }

    private void assertJobRefused(String yaml, String change, String message) throws IOException {
        Path file = write(yaml);
        assertThatThrownBy(() -> JobConfig.read(file, List.of(change)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(message);
    }

    private void assertRefused(String yaml, String message) throws IOException {
        Path file = write(yaml);
        assertThatThrownBy(() -> ConfigTree.of(file, List.of()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(message);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("job.yaml"), yaml);
    }
}
