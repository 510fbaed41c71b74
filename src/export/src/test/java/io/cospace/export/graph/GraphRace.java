package io.cospace.export.graph;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs several graphs of one tower in turns on one thread, and prints how many times as fast as the
 * first each is: by the thread's processor time, the median of the rounds' ratios. Sturdier than
 * one benchmark after the other where others use the machine.
 *
 * <pre>
 * MAIN=io.cospace.export.graph.GraphRace src/evaluate/jmh export vit-8 21 BASELINE.onnx own:fp32 own:int8 own:int8-fast
 * </pre>
 */
final class GraphRace {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private GraphRace() {}

    /** Batch as {@link GraphBenchmark} names them, rounds, and graphs: a file, or own:precision. */
    public static void main(String[] arguments) throws IOException, OrtException {
        int rounds = Integer.parseInt(arguments[1]);
        List<String> names = Arrays.asList(arguments).subList(2, arguments.length);
        List<GraphRunner> graphs = new ArrayList<>();
        for (String name : names) {
            boolean own = name.startsWith("own:");
            graphs.add(
                    GraphBenchmark.runner(
                            arguments[0], own ? name.substring(4) : "fp32", own ? "own" : name));
        }
        double[][] times = new double[names.size()][rounds];
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                long start = CLOCK.getCurrentThreadCpuTime();
                graphs.get(i).run();
                double taken = (CLOCK.getCurrentThreadCpuTime() - start) / 1e6;
                if (round >= 0) {
                    times[i][round] = taken;
                }
            }
        }
        for (int i = 0; i < names.size(); i++) {
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = times[0][round] / times[i][round];
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %-60s %8.2f ms  x %.2f%n",
                    arguments[0],
                    names.get(i).replaceAll(".*/", ""),
                    median(times[i]),
                    median(ratios));
            graphs.get(i).close();
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
