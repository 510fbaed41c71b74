package io.cospace.export.graph;

import java.util.Set;
import java.util.TreeSet;

/**
 * The precision of a graph, and which of its linear layers stay exact all the same: fp32 arithmetic
 * over the weights as the reference file holds them.
 *
 * @param precision of the graph
 * @param exact roles of the layers that are not quantised; without effect at {@code FP32}
 */
public record PrecisionPlan(Precision precision, Set<Role> exact) {
    public PrecisionPlan {
        exact = Set.copyOf(exact);
    }

    /** Every linear layer at the same precision. */
    public static PrecisionPlan of(Precision precision) {
        return new PrecisionPlan(precision, Set.of());
    }

    /** This plan with the layers of some more roles kept exact. */
    public PrecisionPlan keepExact(Role... roles) {
        Set<Role> all = new TreeSet<>(exact);
        all.addAll(Set.of(roles));
        return new PrecisionPlan(precision, all);
    }

    Precision of(Role role) {
        return exact.contains(role) ? Precision.FP32 : precision;
    }
}
