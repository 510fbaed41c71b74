package io.cospace.service.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of the process beyond what the JVM manages. */
final class NativeMemory {

    /** Sizes in pages; the second number is what is resident (proc(5)). */
    private static final Path STATM = Path.of("/proc/self/statm");

    /** Of every system that the native libraries are made for. */
    private static final long PAGE_BYTES = 4096;

    private NativeMemory() {}

    /** Bytes; NaN where the system does not say. */
    static double bytes() {
        try {
            String[] sizes = Files.readString(STATM).split(" ", 3);
            long resident = Long.parseLong(sizes[1]) * PAGE_BYTES;
            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
            long managed =
                    memory.getHeapMemoryUsage().getCommitted()
                            + memory.getNonHeapMemoryUsage().getCommitted();
            return Math.max(0, resident - managed);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return Double.NaN;
        }
    }
}
