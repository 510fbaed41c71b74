package io.cospace.evaluate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * A long load, interval by interval, with the service's memory at the end of each. Used by one
 * thread.
 */
public final class Soak {
    /** At the start memory grows because caches and code are made: it is not counted. */
    private static final double WARM_UP = 0.1;

    private final OptionalLong pid;
    private final List<Interval> intervals = new ArrayList<>();
    private double now;

    /**
     * What happened in an interval.
     *
     * @param end seconds since the start
     * @param residentMegabytes of the service, in 10^6 bytes; NaN where nobody could tell
     */
    public record Interval(double end, Sample sample, double residentMegabytes) {}

    /** A soak of a service in this process, if it is known. */
    public Soak(OptionalLong pid) {
        this.pid = pid;
    }

    /** Adds what happened since the last call. */
    public void add(Sample sample) {
        add(sample, pid.isPresent() ? CpuClock.residentMegabytes(pid.getAsLong()) : Double.NaN);
    }

    void add(Sample sample, double residentMegabytes) {
        now += sample.seconds();
        intervals.add(new Interval(now, sample, residentMegabytes));
    }

    /** All intervals, in order. */
    public List<Interval> intervals() {
        return List.copyOf(intervals);
    }

    /** All intervals as one series. */
    public Series series() {
        return new Series("soak", intervals.stream().map(Interval::sample).toList());
    }

    /**
     * By how many megabytes memory grew from the end of the first tenth to the end: the rise of the
     * least-squares line. NaN where it is not known or there are fewer than three intervals.
     */
    public double growth() {
        return rise(Interval::residentMegabytes);
    }

    /** By how many milliseconds p99 grew there; NaN as above. */
    public double p99Growth() {
        return rise(interval -> Series.latencyMillis(interval.sample(), 99));
    }

    private double rise(ToDoubleFunction<Interval> figure) {
        List<Interval> steady =
                intervals.stream()
                        .filter(i -> i.end() >= WARM_UP * now)
                        .filter(i -> Double.isFinite(figure.applyAsDouble(i)))
                        .toList();
        if (steady.size() < 3) {
            return Double.NaN;
        }
        double meanX = steady.stream().mapToDouble(Interval::end).average().orElseThrow();
        double meanY = steady.stream().mapToDouble(figure).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        for (Interval i : steady) {
            xy += (i.end() - meanX) * (figure.applyAsDouble(i) - meanY);
            xx += (i.end() - meanX) * (i.end() - meanX);
        }
        return (1 - WARM_UP) * now * xy / xx;
    }
}
