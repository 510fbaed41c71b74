package io.cospace.evaluate;

import io.cospace.evaluate.bench.Contestant;
import io.cospace.evaluate.bench.Endpoint;
import io.cospace.evaluate.bench.LimitLoop;
import io.cospace.evaluate.bench.LoadRun;
import io.cospace.evaluate.bench.Series;
import io.cospace.evaluate.bench.Workload;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace bench}: the bare loop, load on a service, and both in turns. */
@Command(
        name = "bench",
        description = {
            "Measures how much a bundle and a service do. Figures of different runs on a",
            "shared machine do not compare; ratios of one run ('compare') do."
        })
final class BenchCommand implements Runnable {
    private final Model.Opener opener;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    BenchCommand(Model.Opener opener) {
        this.opener = opener;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "bench what: limit, load, compare, soak, chart or capacity?");
    }

    @Command(
            name = "limit",
            sortOptions = false,
            mixinStandardHelpOptions = true,
            description = "The bare loop over a bundle's graphs: what no service can pass.")
    int limit(
            @Parameters(paramLabel = "BUNDLE") Path bundle,
            @Mixin BenchOptions bench,
            @Mixin LimitOptions limit)
            throws InterruptedException {
        Workload workload = bench.workload.read();
        BenchReport report = new BenchReport(workload.name());
        try (Model model = limit.open(opener, bundle);
                Contestant loop =
                        new LimitLoop(model.text(), model.images(), workload, limit.loop())) {
            report.add("saturated", "", Series.measure(List.of(loop), bench.turns()).getFirst());
        }
        bench.output.print(spec, report::json, report::text);
        return 0;
    }

    @Command(
            name = "load",
            sortOptions = false,
            mixinStandardHelpOptions = true,
            description = {
                "Load on a service: closed loop (-c) or requests at a rate (--rate), over HTTP",
                "or gRPC (grpc://HOST:PORT). With --rate the latency counts from the planned",
                "arrival, so that waiting behind a stall is seen; with -c from sending."
            })
    int load(
            @Parameters(paramLabel = "URL") String url,
            @Mixin BenchOptions bench,
            @Mixin LoadOptions load,
            @Mixin ServiceOptions service)
            throws InterruptedException {
        Workload workload = bench.workload.read();
        BenchReport report = new BenchReport(workload.name());
        for (LoadOptions.Load one : load.loads(spec)) {
            try (LoadRun run = service.run(0, url, workload, one)) {
                Series series = Series.measure(List.of(run), bench.turns()).getFirst();
                report.add(one.name(), one.arrivals().latencyFrom(), service.named(0, series));
            }
        }
        bench.output.print(spec, report::json, report::text);
        return 0;
    }

    @Command(
            name = "compare",
            sortOptions = false,
            mixinStandardHelpOptions = true,
            description = {
                "Two contestants in turns, as ratios first / second, above 1 when the first is",
                "better. Each is the URL of a service or the folder of a bundle, for its bare loop."
            })
    int compare(
            @Parameters(index = "0", paramLabel = "FIRST") String first,
            @Parameters(index = "1", paramLabel = "SECOND") String second,
            @Mixin BenchOptions bench,
            @Mixin LoadOptions load,
            @Mixin ServiceOptions service,
            @Mixin LimitOptions limit)
            throws InterruptedException {
        Workload workload = bench.workload.read();
        BenchReport report = new BenchReport(workload.name());
        try (Opened models = new Opened(opener, limit)) {
            for (LoadOptions.Load one : load.loads(spec)) {
                try (Contestant a = models.contestant(0, first, workload, service, one);
                        Contestant b = models.contestant(1, second, workload, service, one)) {
                    List<Series> series = Series.measure(List.of(a, b), bench.turns());
                    Series left = service.named(0, series.get(0));
                    Series right = service.named(1, series.get(1));
                    report.add(one.name(), from(first, one), left);
                    report.add(one.name(), from(second, one), right);
                    report.compare(one.name(), left, right);
                }
            }
        }
        bench.output.print(spec, report::json, report::text);
        return 0;
    }

    private static String from(String who, LoadOptions.Load load) {
        return Endpoint.isUrl(who) ? load.arrivals().latencyFrom() : "";
    }

    /** The bundles of a comparison, opened once. */
    private static final class Opened implements AutoCloseable {
        private final Model.Opener opener;
        private final LimitOptions limit;
        private final Map<String, Model> models = new HashMap<>();

        Opened(Model.Opener opener, LimitOptions limit) {
            this.opener = opener;
            this.limit = limit;
        }

        Contestant contestant(
                int place,
                String who,
                Workload workload,
                ServiceOptions service,
                LoadOptions.Load one) {
            if (Endpoint.isUrl(who)) {
                return service.run(place, who, workload, one);
            }
            Model model =
                    models.computeIfAbsent(who, folder -> limit.open(opener, Path.of(folder)));
            return new LimitLoop(model.text(), model.images(), workload, limit.loop());
        }

        @Override
        public void close() {
            models.values().forEach(Model::close);
        }
    }
}
