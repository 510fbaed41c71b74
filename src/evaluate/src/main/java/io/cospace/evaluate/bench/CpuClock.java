package io.cospace.evaluate.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.Stream;

/** CPU seconds that processes have used. */
final class CpuClock {
    private CpuClock() {}

    /** Of this process, all threads, the garbage collector and compiler included. */
    static double own() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    /** Of another process and those that it started; NaN where the system does not tell. */
    static double of(long pid) {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process == null) {
            throw new BenchException("there is no process " + pid);
        }
        return Stream.concat(Stream.of(process), process.descendants())
                .mapToDouble(
                        p -> p.info().totalCpuDuration().map(CpuClock::seconds).orElse(Double.NaN))
                .sum();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
