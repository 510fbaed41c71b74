package io.cospace.evaluate;

import io.cospace.evaluate.bench.BenchException;
import io.cospace.evaluate.bench.Endpoint;
import io.cospace.evaluate.bench.Format;
import io.cospace.evaluate.bench.LoadRun;
import io.cospace.evaluate.bench.Series;
import io.cospace.evaluate.bench.Workload;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How a service is asked and which process it is. */
final class ServiceOptions {
    @Option(
            names = "--format",
            split = ",",
            paramLabel = "NAME",
            description = {
                "${COMPLETION-CANDIDATES} (default: cospace);",
                "of two services two, in their order"
            })
    private List<Format> formats = List.of(Format.COSPACE);

    @Option(
            names = "--pid",
            split = ",",
            paramLabel = "PID",
            description = {
                "the service's process on this machine, to tell its CPU time and what else ran;",
                "of two services two, in their order"
            })
    private List<Long> pids = List.of();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "sent with every request, such as 'Priority: u=6' for a bulk call")
    private List<String> headers = List.of();

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "that requests of the openai formats name (default: ${DEFAULT-VALUE})")
    private String model = Endpoint.ANY_MODEL;

    @Option(
            names = "--names",
            split = ",",
            paramLabel = "A,B",
            description = "what to call the contestants (default: the URL; limit)")
    private List<String> names = List.of();

    /**
     * A load on a service.
     *
     * @param place 0 for the first service that was named, 1 for the second
     */
    LoadRun run(int place, String url, Workload workload, LoadOptions.Load load) {
        LoadRun run =
                new LoadRun(
                        Endpoint.of(
                                url,
                                formats.get(Math.min(place, formats.size() - 1)),
                                model,
                                headers),
                        workload,
                        load.connections(),
                        load.arrivals(),
                        pid(place));
        try {
            run.probe();
            return run;
        } catch (BenchException e) {
            run.close();
            throw e;
        }
    }

    /** The series under the name that was given for its contestant. */
    Series named(int place, Series series) {
        return new Series(name(place, series.name()), series.samples());
    }

    String name(int place, String otherwise) {
        return place < names.size() ? names.get(place) : otherwise;
    }

    OptionalLong pid(int place) {
        return place < pids.size() ? OptionalLong.of(pids.get(place)) : OptionalLong.empty();
    }
}
