package io.cospace.evaluate;

import io.cospace.evaluate.bench.Series;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What every bench asks. */
final class BenchOptions {
    @Option(
            names = "--workload",
            required = true,
            paramLabel = "FILE",
            description = "one request a line: a JSON array of texts or image files")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    Path workload;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "of each repeat (default: ${DEFAULT-VALUE})")
    double seconds = 5;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "seconds before the first repeat (default: ${DEFAULT-VALUE})")
    double warmUp = 3;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "equal repeats; the median counts (default: ${DEFAULT-VALUE})")
    int repeats = 3;

    @Option(names = "--json", description = "print JSON instead of a table")
    boolean json;

    Series.Turns turns() {
        return new Series.Turns(
                Duration.ofMillis(Math.round(1000 * warmUp)),
                Duration.ofMillis(Math.round(1000 * seconds)),
                repeats);
    }
}
