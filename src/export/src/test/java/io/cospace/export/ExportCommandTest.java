package io.cospace.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ExportCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir Path folder;

    @Test
    void insists_on_both_folders() {
        assertThat(run("export", "--ingredients", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--out=models/NAME/VERSION'");
    }

    @Test
    void fails_with_one_line_that_names_the_missing_ingredient() {
        int code =
                run(
                        "export",
                        "--ingredients",
                        folder.toString(),
                        "--out",
                        folder.resolve("m/1").toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).hasLineCount(1).startsWith("export: ").contains("pairs");
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
