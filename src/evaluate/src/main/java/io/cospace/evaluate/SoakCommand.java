package io.cospace.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.bench.LoadRun;
import io.cospace.evaluate.bench.Sample;
import io.cospace.evaluate.bench.Soak;
import io.cospace.evaluate.bench.Traffic;
import io.cospace.evaluate.bench.Workload;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace bench soak}: a long load with memory, latency and errors over time. */
@Command(
        name = "soak",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "A long load at a rate: memory, latency from the planned arrival, errors and refusals of",
            "each interval, and whether memory or p99 grew. 'bench chart' draws the JSON."
        })
final class SoakCommand implements Callable<Integer> {
    private static final double MINUTE = 60;

    @Parameters(paramLabel = "URL")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String url;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "how long (default: ${DEFAULT-VALUE})")
    private double minutes = 60;

    @Option(
            names = "--every",
            paramLabel = "S",
            description = "seconds of an interval (default: ${DEFAULT-VALUE})")
    private double every = 10;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "requests a second on average, at random times")
    private @Nullable Double rate;

    @Option(
            names = "--share",
            paramLabel = "P",
            description =
                    "instead of --rate: this share of the capacity, which is measured first for"
                            + " half a minute with 32 connections (default: ${DEFAULT-VALUE})")
    private double share = 0.8;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "most connections (default: ${DEFAULT-VALUE})")
    private int connections = 256;

    @Mixin private final WorkloadOptions workload = new WorkloadOptions();

    @Mixin private final ServiceOptions service = new ServiceOptions();

    @Mixin private final OutputOptions output = new OutputOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!(share > 0 && share < 10) || !(minutes > 0 && minutes < 1e5) || !(every >= 0.1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--share is 0..10, --minutes above 0, --every 0.1 or more; they are %s, %s, %s"
                            .formatted(share, minutes, every));
        }
        Workload requests = workload.read();
        double perSecond = rate == null ? share * capacity(requests) : rate;
        LoadOptions.Load load = LoadOptions.Load.open(perSecond, connections);
        Soak soak = new Soak(service.pid(0));
        PrintWriter progress = spec.commandLine().getErr();
        try (LoadRun run = service.run(0, url, requests, load)) {
            progress.printf(
                    Locale.ROOT, "%.4g requests a second for %s minutes%n", perSecond, minutes);
            Duration whole = BenchOptions.duration(minutes * MINUTE);
            run.watch(whole, BenchOptions.duration(every), soak::add);
        }
        output.print(spec, () -> json(requests, load, soak), () -> SoakReport.text(soak));
        return 0;
    }

    private ObjectNode json(Workload requests, LoadOptions.Load load, Soak soak) {
        return SoakReport.json(requests.name(), service.name(0, url), load.name(), soak);
    }

    /** Requests a second that a closed loop of 32 connections gets answered. */
    private double capacity(Workload requests) throws InterruptedException {
        try (LoadRun run = service.run(0, url, requests, LoadOptions.Load.closed(32))) {
            double seconds = Math.min(15, minutes * MINUTE);
            run.run(BenchOptions.duration(seconds));
            Sample sample = run.run(BenchOptions.duration(seconds));
            Traffic traffic = sample.traffic();
            if (traffic == null || traffic.answered() == 0) {
                throw new EvaluationException(url + " answers nothing with 32 connections");
            }
            return traffic.answered() / sample.seconds();
        }
    }
}
