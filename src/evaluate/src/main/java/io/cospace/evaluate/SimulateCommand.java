package io.cospace.evaluate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cospace.evaluate.scaling.Day;
import io.cospace.evaluate.scaling.Outcome;
import io.cospace.evaluate.scaling.Policy;
import io.cospace.evaluate.scaling.Simulation.Settings;
import io.cospace.evaluate.scaling.Sweep;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cospace simulate}: what autoscaling costs and does over a day. */
@Command(
        name = "simulate",
        sortOptions = false,
        description = {
            "A day of traffic against the formulas of the HorizontalPodAutoscaler and of KEDA,",
            "with the service's measured capacity, start and signals: which signals and targets",
            "keep answers quick, and what they cost. Deterministic; takes minutes."
        })
final class SimulateCommand implements Callable<Integer> {
    private static final int HOUR = 3_600;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of arrivals and chance bursts (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(
            names = "--provision",
            paramLabel = "SECONDS",
            description = "from a pod's creation to its process (default: ${DEFAULT-VALUE})")
    private double provision = Settings.defaults().provision();

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "that a caller waits for an answer (default: ${DEFAULT-VALUE})")
    private double deadline = Settings.defaults().deadline();

    @Option(names = "--chosen", description = "only what the manifests say, without the sweep")
    private boolean chosen;

    @Option(
            names = "--hours",
            paramLabel = "N",
            description = "of the day, from midnight on (default: ${DEFAULT-VALUE})")
    private int hours = 24;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() {
        if (hours < 1 || hours > 24 || !(provision >= 0) || !(deadline > 0)) {
            throw new EvaluationException(
                    "hours %d, provision %s, deadline %s: must be 1..24, 0 or more, above 0"
                            .formatted(hours, provision, deadline));
        }
        Day day = new Day(seed);
        List<Policy> manifests = List.of(Policy.hpa(), Policy.keda());
        List<Outcome> outcomes =
                Sweep.run(chosen ? manifests : Sweep.policies(), day, hours * HOUR, settings(0, 0));
        List<Outcome> blind =
                hours < 11
                        ? List.of()
                        : Sweep.run(
                                manifests, day, hours * HOUR, settings(9 * HOUR - 60, 10 * HOUR));
        spec.commandLine().getOut().println(json ? json(outcomes, blind) : text(outcomes, blind));
        return 0;
    }

    private Settings settings(int blindFrom, int blindTo) {
        Settings defaults = Settings.defaults();
        return new Settings(
                seed, provision, defaults.start(), deadline, defaults.tries(), blindFrom, blindTo);
    }

    private String text(List<Outcome> outcomes, List<Outcome> blind) {
        StringBuilder text = new StringBuilder();
        text.append(table(outcomes));
        if (!chosen) {
            text.append(
                    "\nfewest pod-hours with p99 <= %.0f ms and refused <= %.1f %%: %s\n"
                            .formatted(
                                    Sweep.P99 * 1000,
                                    Sweep.REFUSED * 100,
                                    Sweep.cheapest(outcomes).map(Outcome::policy).orElse("none")));
        }
        if (!blind.isEmpty()) {
            text.append("\nPrometheus cannot be asked from 8:59 to 10:00, a job comes at 9:00\n");
            text.append(table(blind));
        }
        return text.toString();
    }

    private static TextTable table(List<Outcome> outcomes) {
        TextTable table =
                new TextTable(
                        1,
                        "policy",
                        "p50 ms",
                        "p99 ms",
                        "within 1 s %",
                        "refused %",
                        "lost %",
                        "pod-hours",
                        "most pods",
                        "changes");
        for (Outcome o : outcomes) {
            table.row(
                    o.policy(),
                    number(o.p50() * 1000, 0),
                    number(o.p99() * 1000, 0),
                    number(o.withinSecond() * 100, 2),
                    number(o.refusedShare() * 100, 3),
                    number(o.lostShare() * 100, 3),
                    number(o.podHours(), 1),
                    String.valueOf(o.mostPods()),
                    String.valueOf(o.changes()));
        }
        return table;
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String json(List<Outcome> outcomes, List<Outcome> blind) {
        ObjectNode root = JsonMapper.builder().build().createObjectNode();
        var all = root.putArray("outcomes");
        outcomes.forEach(outcome -> all.addPOJO(outcome));
        var without = root.putArray("without_prometheus");
        blind.forEach(outcome -> without.addPOJO(outcome));
        return Report.pretty(root);
    }
}
