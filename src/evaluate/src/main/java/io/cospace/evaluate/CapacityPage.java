package io.cospace.evaluate;

import static java.lang.String.format;
import static java.util.Locale.ROOT;

import io.cospace.evaluate.Capacity.Cost;
import io.cospace.evaluate.chart.Numbers;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Capacity as a page of Markdown.
 *
 * @param capacity the arithmetic
 * @param costs what items cost
 * @param rates items a second at the peak
 * @param cores of a pod, one or several sizes
 * @param gibibytes memory of a pod
 * @param price of a core and hour; empty: no column
 * @param measured where the costs are from, in words
 */
record CapacityPage(
        Capacity capacity,
        List<Cost> costs,
        List<Double> rates,
        List<Double> cores,
        double gibibytes,
        OptionalDouble price,
        String measured) {

    String markdown() {
        StringBuilder page = new StringBuilder("# Capacity\n\n");
        page.append(
                """
                Made by `bench capacity`; with other figures, run this again from the root of the checkout:

                ```sh
                %s
                ```

                | an item | CPU ms | bytes in | bytes out |
                |---|---|---|---|
                """
                        .formatted(command()));
        for (Cost cost : costs) {
            page.append(
                    format(
                            ROOT,
                            "| %s | %s | %,.0f | %,.0f |\n",
                            cost.name(),
                            number(cost.cpuMillis()),
                            cost.bytesIn(),
                            cost.bytesOut()));
        }
        page.append(
                format(
                        ROOT,
                        """

                        Costs: %s.
                        * busy cores = items a second x CPU ms / 1000
                        * pods = busy cores / (cores of a pod x %s) rounded up, and %d to spare; at least 2
                        * `minReplicas` is the same at %s of the rate (the quietest hour), `maxReplicas` %s times the pods
                        * Gbit/s = 8 x bytes x items a second / 10^9; a month is 730 hours of all requested cores

                        The cost of an item is taken to be the same in pods of every size and on every machine: measure it on yours
                        (`bench load URL --workload FILE -c 64 --pid PID --json FILE`, then `bench capacity FILE`).
                        """,
                        measured,
                        number(capacity.utilisation()),
                        capacity.spare(),
                        number(capacity.trough()),
                        number(capacity.headroom())));
        costs.forEach(cost -> page.append(table(cost)));
        return page.append(settings()).toString();
    }

    private String command() {
        StringBuilder command = new StringBuilder("./cospace bench capacity");
        for (Cost cost : costs) {
            command.append(
                    format(
                            ROOT,
                            " \\\n  --cost '%s=%s:%.0f:%.0f'",
                            cost.name(),
                            number(cost.cpuMillis()),
                            cost.bytesIn(),
                            cost.bytesOut()));
        }
        command.append(" \\\n  --cores ")
                .append(list(cores))
                .append(" --rates ")
                .append(list(rates));
        command.append(
                format(
                        ROOT,
                        " --utilisation %s --spare %d --trough %s --headroom %s --memory %s",
                        number(capacity.utilisation()),
                        capacity.spare(),
                        number(capacity.trough()),
                        number(capacity.headroom()),
                        number(gibibytes)));
        price.ifPresent(p -> command.append(" --price ").append(number(p)));
        return command.append(
                        format(ROOT, " \\\n  --measured '%s' --out k8s/CAPACITY.md", measured))
                .toString();
    }

    private String table(Cost cost) {
        StringBuilder table =
                new StringBuilder("\n## ")
                        .append(cost.name())
                        .append("\n\n| items a second | busy cores |");
        for (double size : cores) {
            table.append(
                    format(
                            ROOT,
                            " pods of %s (min..max, memory%s) |",
                            number(size),
                            price.isPresent() ? ", a month" : ""));
        }
        table.append(" Gbit/s in | out |\n|---|---|")
                .append("---|".repeat(cores.size()))
                .append("---|---|\n");
        for (double rate : rates) {
            table.append(format(ROOT, "| %,.0f | %s |", rate, number(cost.busyCores(rate))));
            for (double size : cores) {
                table.append(' ').append(cell(cost, rate, size)).append(" |");
            }
            table.append(
                    format(
                            ROOT,
                            " %s | %s |\n",
                            number(cost.gigabitsIn(rate)),
                            number(cost.gigabitsOut(rate))));
        }
        return table.toString();
    }

    private String cell(Cost cost, double rate, double size) {
        long pods = capacity.pods(cost, rate, size);
        String money =
                price.isPresent()
                        ? format(ROOT, ", %,.0f", Capacity.monthly(pods, size, price.getAsDouble()))
                        : "";
        return format(
                ROOT,
                "**%,d** (%,d..%,d, %,.0f GiB%s)",
                pods,
                capacity.minReplicas(cost, rate, size),
                capacity.maxReplicas(cost, rate, size),
                pods * gibibytes,
                money);
    }

    private String settings() {
        return format(
                ROOT,
                """

                ## Kubernetes settings that follow
                * Requests: `cpu` the cores of a pod and no limit, `memory` %s Gi as request and limit (`k8s/base/deployment.yaml`).
                * `minReplicas`, `maxReplicas` (`components/hpa`, or `minReplicaCount`, `maxReplicaCount` in `components/keda`) from the table; the target of
                  `cospace_saturation` is the utilisation used here, %s. Start with a few pods and let the autoscaler prove the table.
                * From some hundred pods on take larger ones (the second or third column): fewer probes, scrapes and connections for the same work. A cluster
                  is tested by Kubernetes to 5,000 nodes and 110 pods a node: beyond that use several clusters, each with its own autoscaler.
                * Bytes out depend on the format: where Gbit/s come near a node's network, ask for `Accept: application/octet-stream`, `types: ["int8"]` or gRPC
                  before you add nodes. Clients of gRPC balance by themselves (`cospace-headless`).
                * Bulk work with `Priority: u=6` waits behind interactive calls, so it can use what the trough leaves idle instead of pods of its own.
                """,
                number(gibibytes),
                number(capacity.utilisation()));
    }

    private static String list(List<Double> values) {
        return values.stream().map(CapacityPage::number).collect(Collectors.joining(","));
    }

    private static String number(double value) {
        return Numbers.plain(value, 3);
    }
}
