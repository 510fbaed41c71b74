package io.cospace.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.evaluate.Capacity.Cost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cospace bench capacity}: what a rate of items needs, from what an item costs. */
@Command(
        name = "capacity",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Pods, bandwidth and money for rates of items, from what an item was measured to cost, as a",
            "page of Markdown. Costs are typed (--cost) or read from results of 'bench load --pid'."
        })
final class CapacityCommand implements Callable<Integer> {
    private static final Pattern COST = Pattern.compile("(.+)=([0-9.]+)(?::([0-9.]+):([0-9.]+))?");

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "of 'bench load --pid --json FILE'")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--cost",
            paramLabel = "NAME=MS[:IN:OUT]",
            description = "CPU milliseconds of an item, bytes of its request and answer")
    private List<String> costs = List.of();

    @Option(names = "--rates", split = ",", paramLabel = "N", description = "items a second")
    private List<Double> rates = List.of(1e3, 1e4, 1e5, 1e6);

    @Option(
            names = "--cores",
            split = ",",
            paramLabel = "N",
            description = "of a pod; several: a column each")
    private List<Double> cores = List.of(2.0, 8.0, 16.0);

    @Option(
            names = "--utilisation",
            paramLabel = "P",
            description = "busy share of the cores at that rate (default: ${DEFAULT-VALUE})")
    private double utilisation = 0.65;

    @Option(
            names = "--spare",
            paramLabel = "N",
            description = "pods to spare (default: ${DEFAULT-VALUE})")
    private int spare = 1;

    @Option(
            names = "--trough",
            paramLabel = "P",
            description = "the quietest hour as a share of the peak (default: ${DEFAULT-VALUE})")
    private double trough = 0.25;

    @Option(
            names = "--headroom",
            paramLabel = "X",
            description =
                    "how far an autoscaler may go, in pods of the peak (default: ${DEFAULT-VALUE})")
    private double headroom = 1.5;

    @Option(
            names = "--memory",
            paramLabel = "GIB",
            description = "of a pod (default: ${DEFAULT-VALUE})")
    private double gibibytes = 1.5;

    @Option(
            names = "--price",
            paramLabel = "X",
            description = "of a core and hour, in your currency")
    private @Nullable Double price;

    @Option(
            names = "--measured",
            paramLabel = "TEXT",
            description = "machine, date and commit of the costs")
    private String measured = "not said where measured";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "write the page to it instead of printing it")
    private @Nullable Path out;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Cost> all = new ArrayList<>();
        costs.forEach(cost -> all.add(typed(cost)));
        files.forEach(file -> all.add(measured(file)));
        if (all.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "what does an item cost: --cost or a FILE?");
        }
        boolean positive =
                rates.stream().allMatch(rate -> rate > 0 && rate < 1e12)
                        && cores.stream().allMatch(size -> size > 0 && size < 1e5);
        if (!positive) {
            throw new ParameterException(spec.commandLine(), "--rates and --cores must be above 0");
        }
        CapacityPage page =
                new CapacityPage(
                        new Capacity(utilisation, spare, trough, headroom),
                        all,
                        rates,
                        cores,
                        gibibytes,
                        price == null ? OptionalDouble.empty() : OptionalDouble.of(price),
                        measured);
        if (out == null) {
            spec.commandLine().getOut().println(page.markdown());
        } else {
            OutputOptions.write(out, page.markdown());
        }
        return 0;
    }

    private Cost typed(String text) {
        Matcher cost = COST.matcher(text);
        if (!cost.matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--cost is " + text + "; must be NAME=MS or NAME=MS:IN:OUT");
        }
        return new Cost(
                cost.group(1),
                Double.parseDouble(cost.group(2)),
                cost.group(3) == null ? 0 : Double.parseDouble(cost.group(3)),
                cost.group(4) == null ? 0 : Double.parseDouble(cost.group(4)));
    }

    /** Of the load with the most items a second: the service is full, and its batches too. */
    private static Cost measured(Path file) {
        JsonNode root = ChartCommand.read(file);
        JsonNode best = null;
        for (JsonNode series : root.path("series")) {
            if (series.at("/cpu_ms_per_item/median").isNumber()
                    && series.has("bytes_in_per_item")
                    && (best == null || rate(series) > rate(best))) {
                best = series;
            }
        }
        if (best == null) {
            throw new EvaluationException(
                    file + " has no load without failures whose CPU time is known (--pid)");
        }
        return new Cost(
                root.path("workload").asText(),
                best.at("/cpu_ms_per_item/median").asDouble(),
                best.at("/bytes_in_per_item/median").asDouble(),
                best.at("/bytes_out_per_item/median").asDouble());
    }

    private static double rate(JsonNode series) {
        return series.at("/items_per_second/median").asDouble();
    }
}
