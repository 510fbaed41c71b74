package io.cospace.evaluate;

import io.cospace.evaluate.bench.Series;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every bench that takes turns asks. */
final class BenchOptions {
    @Mixin final WorkloadOptions workload = new WorkloadOptions();

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
            description =
                    "equal repeats; the median counts (default: ${DEFAULT-VALUE}). Intervals of"
                            + " ratios need five or more")
    int repeats = 3;

    @Mixin final OutputOptions output = new OutputOptions();

    Series.Turns turns() {
        return new Series.Turns(duration(warmUp), duration(seconds), repeats);
    }

    static Duration duration(double seconds) {
        return Duration.ofMillis(Math.round(1000 * seconds));
    }
}
