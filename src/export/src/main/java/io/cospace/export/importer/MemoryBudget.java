package io.cospace.export.importer;

import com.sun.management.OperatingSystemMXBean;
import io.cospace.export.graph.Precision;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a graph can be run here to be measured. Writing one never depends on it.
 *
 * @param bytes that may be used
 */
record MemoryBudget(long bytes) {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    /** Share of what is free that a run may take; the rest is for activations and others. */
    private static final double SHARE = 0.8;

    /** What is free on this machine now. */
    static MemoryBudget ofThisMachine() {
        return new MemoryBudget((long) (SHARE * free()));
    }

    /**
     * Whether a tower's graph fits: its weights as they lie in the file, the copies that ONNX
     * Runtime makes when it packs matrices for its kernels, and the casts to fp32 where the file
     * holds halves. One that does not is streamed if three copies of its largest layer in fp32 fit,
     * and all of it where halves have to be widened.
     *
     * @param parameters of the tower
     * @param storedBytes of its reference weights
     * @param largest weights of its largest layer
     */
    Fit fit(Precision precision, long parameters, long storedBytes, long largest) {
        long needed =
                switch (precision) {
                    case FP32 -> storedBytes + 2 * 4 * parameters;
                    case FP16 -> storedBytes + 2 * 4 * parameters + 2 * parameters;
                    case INT8, INT8_FAST -> storedBytes / 2 + 2 * parameters;
                };
        if (needed <= bytes) {
            return Fit.WHOLE;
        }
        // ONNX Runtime may widen many layers before it needs them: 5.3 GB were seen for 8 layers of
        // an 8B embedder.
        boolean widened = storedBytes < 4 * parameters && precision != Precision.INT8;
        long streamed = Math.max(3 * 4 * largest, widened ? 4 * parameters : 0);
        return streamed <= bytes ? Fit.STREAMED : Fit.NONE;
    }

    private static long free() {
        try {
            Path info = Path.of("/proc/meminfo");
            if (Files.isReadable(info)) {
                List<String> lines = Files.readAllLines(info);
                for (String line : lines) {
                    Matcher matcher = AVAILABLE.matcher(line);
                    if (matcher.matches()) {
                        return 1024 * Long.parseLong(matcher.group(1));
                    }
                }
            }
        } catch (IOException e) {
            // Not Linux, or hidden: the JVM's own view below.
            return jvmFree();
        }
        return jvmFree();
    }

    private static long jvmFree() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
    }
}
