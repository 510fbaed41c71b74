package io.cospace.evaluate.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Policies side by side over the same day, and which of them to take. */
public final class Sweep {
    /** Longest 99th percentile in seconds that a policy may have. */
    public static final double P99 = 0.25;

    /** Largest share of refused tries: the objective of the alerts. */
    public static final double REFUSED = 0.005;

    private static final double[] CPU = {0.5, 0.6, 0.65, 0.7, 0.8};
    private static final double[] QUEUE = {0.1, 0.2, 0.5};
    private static final double[] SATURATION = {0.5, 0.6, 0.65, 0.7, 0.8};

    private Sweep() {}

    /** What is compared: no autoscaler, the processor's use, the queue, queue and saturation. */
    public static List<Policy> policies() {
        List<Policy> policies = new ArrayList<>();
        policies.add(Policy.fixed(8));
        policies.add(Policy.fixed(12));
        for (double cpu : CPU) {
            policies.add(Policy.cpu(cpu));
        }
        for (double queue : QUEUE) {
            policies.add(Policy.queue(queue));
        }
        for (double saturation : SATURATION) {
            for (double queue : QUEUE) {
                policies.add(Policy.both(queue, saturation));
            }
        }
        policies.add(Policy.hpa());
        policies.add(Policy.hpaWithAllRefusals());
        policies.add(Policy.keda());
        return policies;
    }

    /** Runs each over the day, at once where there are cores; in the order of the policies. */
    public static List<Outcome> run(
            List<Policy> policies, Traffic traffic, int seconds, Simulation.Settings settings) {
        return policies.parallelStream()
                .map(policy -> Simulation.run(traffic, seconds, policy, settings))
                .toList();
    }

    /**
     * The one with the fewest pod-hours of those that keep to {@link #P99} and {@link #REFUSED}.
     */
    public static Optional<Outcome> cheapest(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.p99() <= P99 && outcome.refusedShare() <= REFUSED)
                .min(Comparator.comparingDouble(Outcome::podHours));
    }
}
