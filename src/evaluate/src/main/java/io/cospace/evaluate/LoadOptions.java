package io.cospace.evaluate;

import io.cospace.evaluate.bench.Arrivals;
import io.cospace.evaluate.chart.Numbers;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What loads are put on a service, one after the other. */
final class LoadOptions {
    private static final long SEED = 1;

    @Option(
            names = {"-c", "--concurrency"},
            split = ",",
            paramLabel = "N",
            description = "closed loop of so many connections; several: one after the other")
    private List<Integer> concurrency = List.of();

    @Option(
            names = "--rate",
            split = ",",
            paramLabel = "R",
            description =
                    "requests a second on average, at random times; several: one after the other")
    private List<Double> rates = List.of();

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "most connections with --rate (default: ${DEFAULT-VALUE})")
    private int connections = 256;

    /** One kind of load. */
    record Load(String name, int connections, Arrivals arrivals) {
        static Load closed(int connections) {
            return new Load("c=" + connections, connections, new Arrivals.Closed());
        }

        static Load open(double rate, int connections) {
            return new Load(
                    "rate=" + Numbers.plain(rate, 4), connections, new Arrivals.Open(rate, SEED));
        }
    }

    /** All loads that were asked for, at least one. */
    List<Load> loads(CommandSpec spec) {
        List<Load> loads = new ArrayList<>();
        concurrency.forEach(c -> loads.add(Load.closed(c)));
        rates.forEach(rate -> loads.add(Load.open(rate, connections)));
        if (loads.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "which load: -c or --rate?");
        }
        return loads;
    }
}
