package io.cospace.evaluate.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** CPU seconds and memory that processes use. */
final class CpuClock {
    private CpuClock() {}

    /** Of this process, all threads, the garbage collector and compiler included. */
    static double own() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    /** Of another process and those that it started; NaN where it is gone or nobody tells. */
    static double of(long pid) {
        return family(pid)
                .mapToDouble(
                        p -> p.info().totalCpuDuration().map(CpuClock::seconds).orElse(Double.NaN))
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    /**
     * Megabytes (10^6 bytes) of a process and those that it started that are in memory (VmRSS of
     * proc_pid_status(5)); NaN where it is gone or nobody tells.
     */
    static double residentMegabytes(long pid) {
        return family(pid).mapToDouble(CpuClock::resident).reduce(Double::sum).orElse(Double.NaN);
    }

    private static double resident(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static Stream<ProcessHandle> family(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
