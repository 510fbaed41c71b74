package io.cospace.evaluate.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the number of pods is set.
 *
 * @param name for the report
 * @param metrics none: the number stays at {@code least}
 * @param least smallest number of pods, also the first
 * @param most largest
 * @param fallback pods while Prometheus cannot be asked, if there are fewer, as KEDA's; 0: the
 *     number stays, as an autoscaler without it does
 */
public record Policy(String name, List<Metric> metrics, int least, int most, int fallback) {
    /** Of the manifests in {@code k8s/components}, which a test compares with these. */
    public static final int LEAST = 2;

    /** Likewise. */
    public static final int MOST = 20;

    /** Likewise. */
    public static final int FALLBACK = 6;

    /** Likewise: seconds of work that wait for a pod. */
    public static final double QUEUE_TARGET = 0.5;

    /** Likewise: share of time that a pod's dispatchers are busy. */
    public static final double SATURATION_TARGET = 0.65;

    /** Likewise: refusals a second and pod. */
    public static final double REFUSALS_TARGET = 1;

    /** Likewise. */
    static final Behavior.Rules RULES = new Behavior.Rules(100, 4, 15, 0, 25, 60, 300);

    /** A number of pods that stays. */
    public static Policy fixed(int pods) {
        return new Policy(pods + " pods, no autoscaler", List.of(), pods, pods, 0);
    }

    /** On the use of the processor alone. */
    public static Policy cpu(double target) {
        return scaled("CPU " + digits(target), new Metric.Cpu(target));
    }

    /** On the queue alone. */
    public static Policy queue(double target) {
        return scaled(
                "queue " + digits(target), new Metric.PerPod(Metric.Gauge.QUEUE_SECONDS, target));
    }

    /** On queue and saturation. */
    public static Policy both(double queue, double saturation) {
        return scaled(
                "queue " + digits(queue) + ", saturation " + digits(saturation),
                new Metric.PerPod(Metric.Gauge.QUEUE_SECONDS, queue),
                new Metric.PerPod(Metric.Gauge.SATURATION, saturation));
    }

    /** As the manifests of {@code hpa}. */
    public static Policy hpa() {
        return both(QUEUE_TARGET, SATURATION_TARGET).and("refusals", true);
    }

    /** As {@link #hpa}, but refusals count also while pods are on their way. */
    static Policy hpaWithAllRefusals() {
        return both(QUEUE_TARGET, SATURATION_TARGET).and("all refusals", false);
    }

    /** As the manifests of {@code keda}. */
    public static Policy keda() {
        List<Metric> metrics =
                List.of(
                        new Metric.Total(Metric.Gauge.QUEUE_SECONDS, QUEUE_TARGET),
                        new Metric.Total(Metric.Gauge.SATURATION, SATURATION_TARGET),
                        new Metric.Refusals(REFUSALS_TARGET, true));
        return new Policy("KEDA, the same targets", metrics, LEAST, MOST, FALLBACK);
    }

    /** This one and refusals, with or without those that happen while pods are on their way. */
    private Policy and(String words, boolean unlessOnTheWay) {
        List<Metric> more = new ArrayList<>(metrics);
        more.add(new Metric.Refusals(REFUSALS_TARGET, unlessOnTheWay));
        return new Policy(name + ", " + words, List.copyOf(more), least, most, fallback);
    }

    private static String digits(double target) {
        return String.format(Locale.ROOT, "%.2f", target);
    }

    private static Policy scaled(String name, Metric... metrics) {
        return new Policy(name, List.of(metrics), LEAST, MOST, 0);
    }
}
