package io.cospace.evaluate;

import io.cospace.evaluate.bench.Arrivals;
import io.cospace.evaluate.bench.Endpoint;
import io.cospace.evaluate.bench.LoadRun;
import io.cospace.evaluate.bench.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What load is put on a service. */
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

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Endpoint.Format format = Endpoint.Format.JSON;

    @Option(
            names = "--pid",
            paramLabel = "PID",
            description = "the service's process on this machine, to tell its CPU time")
    private @Nullable Long pid;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "sent with every request, such as 'Priority: u=6' for a bulk call")
    private List<String> headers = List.of();

    /** One kind of load. */
    record Load(String name, int connections, Arrivals arrivals) {}

    /** All loads that were asked for, at least one. */
    List<Load> loads(CommandSpec spec) {
        List<Load> loads = new ArrayList<>();
        for (int c : concurrency) {
            loads.add(new Load("c=" + c, c, new Arrivals.Closed()));
        }
        for (double rate : rates) {
            String name = String.format(Locale.ROOT, "rate=%.4g", rate);
            loads.add(new Load(name, connections, new Arrivals.Open(rate, SEED)));
        }
        if (loads.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "which load: -c or --rate?");
        }
        return loads;
    }

    LoadRun run(String url, Workload workload, Load load) {
        Long process = pid;
        return new LoadRun(
                Endpoint.of(url, format, headers),
                workload,
                load.connections(),
                load.arrivals(),
                process == null ? OptionalLong.empty() : OptionalLong.of(process));
    }
}
