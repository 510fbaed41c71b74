package io.cospace.evaluate.scaling;

import java.util.List;

/**
 * How many pods one metric asks for: {@code replica_calculator.go} of Kubernetes 1.33, with its
 * default tolerance.
 */
final class ReplicaFormula {
    static final double TOLERANCE = 0.1;

    private ReplicaFormula() {}

    /**
     * Of a value of each pod, as metrics of kind Pods and Resource: {@code ceil(mean / target x
     * pods)}. Pods that are missing count with the target when the others ask for fewer and with 0
     * when they ask for more, pods that are not ready with 0 when the others ask for more.
     *
     * @return {@code current} when no pod has a value
     */
    static int perPod(int current, List<Reading> pods, double target) {
        double sum = 0;
        int values = 0;
        int missing = 0;
        int unready = 0;
        for (Reading pod : pods) {
            switch (pod) {
                case Reading.Value value -> {
                    sum += value.value();
                    values++;
                }
                case Reading.Missing _ -> missing++;
                case Reading.Unready _ -> unready++;
            }
        }
        if (values == 0) {
            return current;
        }
        double ratio = sum / values / target;
        boolean growsBesideUnready = unready > 0 && ratio > 1;
        if (!growsBesideUnready && missing == 0) {
            return isWithin(ratio) ? current : ceil(ratio * values);
        }
        int counted = values + missing + (growsBesideUnready ? unready : 0);
        double filled = (sum + (ratio < 1 ? missing * target : 0)) / counted / target;
        if (isWithin(filled) || (ratio < 1) != (filled < 1)) {
            return current;
        }
        int replicas = ceil(filled * counted);
        boolean turns = filled < 1 ? replicas > current : replicas < current;
        return turns ? current : replicas;
    }

    /**
     * Of a sum over all pods, as metrics of kind External with an AverageValue, which KEDA uses.
     */
    static int total(int current, double sum, double target) {
        return isWithin(sum / (target * current)) ? current : ceil(sum / target);
    }

    private static boolean isWithin(double ratio) {
        return Math.abs(ratio - 1) <= TOLERANCE;
    }

    /** Up, but not for what is only the noise of a floating point. */
    private static int ceil(double value) {
        return (int) Math.ceil(value - 1e-9);
    }
}
