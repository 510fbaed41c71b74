package io.cospace.evaluate.scaling;

/** What an autoscaler looks at, and its target. */
public sealed interface Metric {

    /** A gauge of the service. */
    enum Gauge {
        /** {@code cospace_queue_seconds}. */
        QUEUE_SECONDS,
        /** {@code cospace_saturation}. */
        SATURATION;

        double of(Pod.Sample sample) {
            return switch (this) {
                case QUEUE_SECONDS -> sample.queueSeconds();
                case SATURATION -> sample.saturation();
            };
        }
    }

    /** Kind Pods: the mean of 30 s of each pod, through prometheus-adapter. */
    record PerPod(Gauge gauge, double target) implements Metric {}

    /** Kind External with an AverageValue: the sum of those means, as KEDA asks Prometheus. */
    record Total(Gauge gauge, double target) implements Metric {}

    /** Kind Resource: share of the requested cores, from the metrics server. */
    record Cpu(double target) implements Metric {}

    /**
     * Kind External: refusals a second for want of capacity.
     *
     * @param unlessOnTheWay whether they count as none while pods that were asked for are not ready
     */
    record Refusals(double target, boolean unlessOnTheWay) implements Metric {}
}
