package io.cospace.evaluate.scaling;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Looks every 15 seconds and sets the number of pods. */
final class Autoscaler {
    /** Of kube-controller-manager; KEDA's own HorizontalPodAutoscaler is synced by the same. */
    static final int SYNC = 15;

    /** Looks in vain until KEDA falls back: {@code failureThreshold}. */
    private static final int FAILURES = 3;

    private final Policy policy;
    private final Cluster cluster;
    private final Behavior behavior = new Behavior(Policy.RULES);
    private final Refusals refusals;
    private int failures;
    private int changes;

    Autoscaler(Policy policy, Cluster cluster, Refusals refusals) {
        this.policy = policy;
        this.cluster = cluster;
        this.refusals = refusals;
    }

    /**
     * One look.
     *
     * @param blind whether Prometheus cannot be asked
     */
    void sync(double now, boolean blind) {
        if (policy.metrics().isEmpty()) {
            return;
        }
        int current = cluster.wanted();
        int wished = blind ? fallback(current) : wish(now, current);
        int next = behavior.apply(now, current, wished, policy.least(), policy.most());
        if (next != current) {
            changes++;
            cluster.scale(now, next);
        }
    }

    private int fallback(int current) {
        failures++;
        return failures < FAILURES ? current : Math.max(current, policy.fallback());
    }

    /** The largest number that any metric asks for. */
    private int wish(double now, int current) {
        failures = 0;
        return policy.metrics().stream()
                .mapToInt(metric -> wish(now, current, metric))
                .max()
                .orElse(current);
    }

    private int wish(double now, int current, Metric metric) {
        return switch (metric) {
            case Metric.PerPod(Metric.Gauge gauge, double target) ->
                    ReplicaFormula.perPod(current, readings(now, gauge::of), target);
            case Metric.Cpu(double target) ->
                    ReplicaFormula.perPod(current, cpuReadings(now), target);
            case Metric.Total(Metric.Gauge gauge, double target) ->
                    ReplicaFormula.total(current, sum(now, gauge), target);
            case Metric.Refusals(double target, boolean unlessOnTheWay) ->
                    ReplicaFormula.total(current, refusals.rate(unlessOnTheWay), target);
        };
    }

    private List<Reading> readings(double now, ToDoubleFunction<Pod.Sample> gauge) {
        return cluster.staying().stream()
                .map(pod ->
                        pod.isRunning(now) ? reading(pod.mean(now, gauge)) : new Reading.Unready())
                .toList();
    }

    private List<Reading> cpuReadings(double now) {
        return cluster.staying().stream()
                .map(pod ->
                        pod.isReady(now) && pod.isCpuSettled()
                                ? reading(pod.cpuShare())
                                : new Reading.Unready())
                .toList();
    }

    private static Reading reading(double value) {
        return Double.isNaN(value) ? new Reading.Missing() : new Reading.Value(value);
    }

    /** Pods that are ending are still scraped, and count; pods without a series do not. */
    private double sum(double now, Metric.Gauge gauge) {
        return cluster.all().stream()
                .mapToDouble(pod -> pod.mean(now, gauge::of))
                .filter(value -> !Double.isNaN(value))
                .sum();
    }

    int changes() {
        return changes;
    }
}
