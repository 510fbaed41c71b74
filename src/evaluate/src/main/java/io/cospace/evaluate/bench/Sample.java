package io.cospace.evaluate.bench;

import org.jspecify.annotations.Nullable;

/**
 * One measurement.
 *
 * @param items inputs that were answered
 * @param seconds wall clock, until the last of them
 * @param cpu who used how much of it
 * @param traffic what requests met; null for a bare loop, which has none
 */
public record Sample(long items, double seconds, Cpu cpu, @Nullable Traffic traffic) {
    /** Cores in use by others above which a figure is marked; an idle machine has some .03. */
    public static final double NOISY_OTHERS = 0.1;

    /** Stolen cores above which a figure is marked. */
    public static final double NOISY_STOLEN = 0.05;

    /** Inputs a second of wall clock. */
    public double itemsPerSecond() {
        return items / seconds;
    }

    /** The sturdier form on a shared machine: CPU time an input, in milliseconds. */
    public double cpuMillisPerItem() {
        return 1000 * cpu.server() / items;
    }

    /** Cores that this process kept busy with sending. */
    public double clientCores() {
        return cpu.client() / seconds;
    }

    /** Cores that everything else on the machine kept busy. */
    public double otherCores() {
        return cpu.others() / seconds;
    }

    /** Cores that the hypervisor gave to other machines. */
    public double stolenCores() {
        return cpu.stolen() / seconds;
    }

    /** Whether something else disturbed it; false where nobody can tell. */
    public boolean noisy() {
        return otherCores() > NOISY_OTHERS || stolenCores() > NOISY_STOLEN;
    }

    /** Requests that were refused. */
    public long refused() {
        return traffic == null ? 0 : traffic.refused();
    }

    /** Requests that failed. */
    public long failed() {
        return traffic == null ? 0 : traffic.failed();
    }
}
