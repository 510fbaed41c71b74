package io.cospace.evaluate.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Equal repeats of one contestant.
 *
 * @param name of the contestant
 * @param samples in the order of the repeats
 */
public record Series(String name, List<Sample> samples) {
    /** Copies the list. */
    public Series {
        samples = List.copyOf(samples);
    }

    /**
     * Middle and ends of repeated figures: with a handful of repeats, more would be pretence.
     *
     * @param median the middle one, or the mean of the two
     * @param min the least
     * @param max the greatest
     */
    public record Spread(double median, double min, double max) {
        /** Of at least one value. */
        public static Spread of(double... values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int n = sorted.length;
            double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
            return new Spread(median, sorted[0], sorted[n - 1]);
        }
    }

    /** How the contestants take turns. */
    public record Turns(Duration warmUp, Duration each, int repeats) {
        /** Checks the ranges. */
        public Turns {
            if (repeats < 1 || each.toMillis() < 1 || warmUp.isNegative()) {
                throw new BenchException(
                        "%d repeats of %s after %s: needs at least one of some length"
                                .formatted(repeats, each, warmUp));
            }
        }
    }

    /**
     * Measures contestants in turns, so that whatever else the machine does meets all of them: a
     * warm-up each, then repeats, the order reversed every other time.
     */
    public static List<Series> measure(List<Contestant> contestants, Turns turns)
            throws InterruptedException {
        List<List<Sample>> samples = new ArrayList<>();
        for (Contestant contestant : contestants) {
            samples.add(new ArrayList<>());
            if (turns.warmUp().isPositive()) {
                contestant.run(turns.warmUp());
            }
        }
        for (int repeat = 0; repeat < turns.repeats(); repeat++) {
            for (int i = 0; i < contestants.size(); i++) {
                int turn = repeat % 2 == 0 ? i : contestants.size() - 1 - i;
                samples.get(turn).add(contestants.get(turn).run(turns.each()));
            }
        }
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < contestants.size(); i++) {
            series.add(new Series(contestants.get(i).name(), samples.get(i)));
        }
        return series;
    }

    /** The spread of a figure over the repeats. */
    public Spread spread(ToDoubleFunction<Sample> figure) {
        return Spread.of(samples.stream().mapToDouble(figure).toArray());
    }

    /**
     * This one's figure divided by another's, repeat by repeat, since the repeats of one turn met
     * the same machine.
     */
    public Ratio ratio(Series other, ToDoubleFunction<Sample> figure) {
        double[] ratios = new double[Math.min(samples.size(), other.samples.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] =
                    figure.applyAsDouble(samples.get(i))
                            / figure.applyAsDouble(other.samples.get(i));
        }
        return Ratio.of(ratios);
    }

    /** A quantile of the latencies of all repeats together, in milliseconds; NaN without any. */
    public double latencyMillis(double percentile) {
        return millis(percentile, Traffic::latency);
    }

    /** A quantile of how long refusals took, in milliseconds; NaN without any. */
    public double refusalMillis(double percentile) {
        return millis(percentile, Traffic::refusals);
    }

    private double millis(double percentile, Function<Traffic, Histogram> figure) {
        Histogram all = null;
        for (Sample sample : samples) {
            Traffic traffic = sample.traffic();
            if (traffic != null) {
                Histogram part = figure.apply(traffic);
                all = all == null ? part.copy() : sum(all, part);
            }
        }
        return all == null || all.getTotalCount() == 0
                ? Double.NaN
                : all.getValueAtPercentile(percentile) / 1000.0;
    }

    private static Histogram sum(Histogram all, Histogram part) {
        all.add(part);
        return all;
    }

    /** A quantile of one repeat's latencies, in milliseconds; NaN without any. */
    public static double latencyMillis(Sample sample, double percentile) {
        return new Series("", List.of(sample)).latencyMillis(percentile);
    }

    /** Requests of all repeats that were refused. */
    public long refused() {
        return samples.stream().mapToLong(Sample::refused).sum();
    }

    /** Refusals of all repeats that did not say when to come again. */
    public long withoutRetryAfter() {
        return samples.stream()
                .map(Sample::traffic)
                .filter(Objects::nonNull)
                .mapToLong(Traffic::withoutRetryAfter)
                .sum();
    }

    /** Requests of all repeats that failed. */
    public long failed() {
        return samples.stream().mapToLong(Sample::failed).sum();
    }

    /** Repeats that something else disturbed. */
    public long noisy() {
        return samples.stream().filter(Sample::noisy).count();
    }
}
