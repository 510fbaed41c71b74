package io.cospace.export.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class ProgressBarTest {
    private final StringWriter out = new StringWriter();

    @Test
    void writes_a_line_a_step() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), false, 2);
        bar.skip("image weights");
        bar.run("text weights", 0, () -> 3L << 20, () -> {});
        assertThat(out.toString())
                .isEqualToNormalizingNewlines(
                        "[1/2] image weights: done before\n[2/2] text weights: 3 MB\n");
    }

    @Test
    void stops_following_when_a_step_fails() {
        ProgressBar bar = new ProgressBar(new PrintWriter(out), true, 1);
        assertThatThrownBy(() ->
                        bar.run(
                                "text weights",
                                100,
                                () -> 1,
                                () -> {
                                    throw new ImportException("broken");
                                }))
                .hasMessage("broken");
    }

    @Test
    void draws_the_share_that_is_written() {
        assertThat(ProgressBar.bar(12L << 20, 24L << 20))
                .isEqualTo("[############............] 12 of 24 MB");
        assertThat(ProgressBar.bar(30L << 20, 24L << 20)).startsWith("[" + "#".repeat(24) + "]");
        assertThat(ProgressBar.bar(5L << 20, 0)).isEqualTo("5 MB");
    }
}
