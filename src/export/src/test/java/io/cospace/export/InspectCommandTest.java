package io.cospace.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class InspectCommandTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("cospace.root"), "src/export/src/test/resources/golden");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void lists_tensors_of_a_pickle_with_type_and_shape() {
        assertThat(run("inspect", GOLDEN.resolve("pickle/traps_legacy.pt").toString())).isZero();
        assertThat(out.toString())
                .containsPattern("bf16 +BF16 +\\[3, 5\\]")
                .containsPattern("scalar +F32 +\\[\\]")
                .contains("15 tensors", "no known family");
    }

    @Test
    void names_the_family_of_a_folder_and_counts_its_parameters() {
        String folder = GOLDEN.resolve("text/bert").toString();
        assertThat(run("inspect", "--summary", folder)).isZero();
        assertThat(out.toString())
                .doesNotContain("embeddings.word_embeddings.weight")
                .contains("text tower: bert encoder, width 64");
    }

    @Test
    void fails_with_one_line_that_names_the_file(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.safetensors"), "not a checkpoint");
        assertThat(run("inspect", file.toString())).isEqualTo(1);
        assertThat(err.toString()).hasLineCount(1).contains("x.safetensors", "header length");
        assertThat(run("inspect")).isEqualTo(2);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
