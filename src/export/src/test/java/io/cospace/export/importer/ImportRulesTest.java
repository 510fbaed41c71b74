package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.export.checkpoint.Checkpoint;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import refuses, and that nothing half-done is left. */
final class ImportRulesTest {
    @TempDir private Path folder;
    private ImportHarness harness = new ImportHarness(Path.of(""));

    @BeforeEach
    void prepare() {
        harness = new ImportHarness(folder);
    }

    @Test
    void refuses_a_checkpoint_with_tensors_that_nobody_reads_and_lists_them() throws IOException {
        Path clip = harness.clipFolder();
        Path weights = clip.resolve("model.safetensors");
        Path more = clip.resolve("more.safetensors");
        try (TensorSource source = Checkpoint.open(weights)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            source.names().forEach(name -> writer.add(name, source));
            writer.add("vision_model.extra.weight", new float[2], 2).write(more);
        }
        Files.move(more, weights, StandardCopyOption.REPLACE_EXISTING);
        assertThat(harness.run("import", clip.toString(), "--out", harness.out().toString()))
                .isEqualTo(1);
        assertThat(harness.told())
                .contains("1 of ", "belong to no known part", "vision_model.extra.weight");
        assertThat(harness.out()).doesNotExist();
    }

    @Test
    void leaves_nothing_half_done_and_goes_on_where_it_was() throws IOException {
        Path clip = harness.clipFolder();
        Path tokenizer = clip.resolve("tokenizer.json");
        Path aside = Files.move(tokenizer, folder.resolve("aside.json"));
        Path broken = Files.writeString(folder.resolve("broken.json"), "{}");
        String[] arguments = {
            "import", clip.toString(), "--out", harness.out().toString(), "--tokenizer"
        };
        assertThat(harness.run(with(arguments, broken))).isEqualTo(1);
        assertThat(harness.out()).doesNotExist();
        Files.copy(aside, broken, StandardCopyOption.REPLACE_EXISTING);
        harness.told();
        assertThat(harness.run(with(arguments, broken))).isZero();
        assertThat(harness.told()).contains("image weights: done before", "text.int8 graph: done");
        try (Stream<Path> left = Files.list(harness.out().getParent())) {
            assertThat(left).containsExactly(harness.out());
        }
        harness.open("auto").close();
    }

    @Test
    void refuses_towers_of_different_spaces() throws IOException {
        assertThat(
                        harness.run(
                                "import",
                                ImportHarness.GOLDEN
                                        .resolve("image/openai_vit/hf_vision")
                                        .toString(),
                                harness.llamaFolder().toString(),
                                "--out",
                                harness.out().toString()))
                .isEqualTo(1);
        assertThat(harness.told()).contains("40", "64", "adapter");
    }

    private static String[] with(String[] arguments, Path last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last.toString();
        return all;
    }
}
