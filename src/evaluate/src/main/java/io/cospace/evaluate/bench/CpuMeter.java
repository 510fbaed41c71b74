package io.cospace.evaluate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.DoubleStream;

/** Tells who used the CPU between two moments. Used by one thread. */
final class CpuMeter {
    private static final Path STAT = Path.of("/proc/stat");

    /** The unit of /proc/stat: USER_HZ, 100 a second on all of Linux. */
    private static final double TICKS_PER_SECOND = 100;

    private final OptionalLong server;
    private final boolean loop;
    private Reading last;

    /** CPU seconds since the machine was started: in use, and stolen. */
    record Machine(double busy, double stolen) {
        private static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN);

        /** Reads the first line of /proc/stat (proc_stat(5)). */
        static Machine parse(String line) {
            String[] words = line.trim().split("\\s+", -1);
            if (words.length < 9 || !words[0].equals("cpu")) {
                return UNKNOWN;
            }
            // user nice system idle iowait irq softirq steal; guests are counted as user already
            double busy =
                    DoubleStream.of(ticks(words[1]), ticks(words[2]), ticks(words[3])).sum()
                            + ticks(words[6])
                            + ticks(words[7]);
            return new Machine(busy, ticks(words[8]));
        }

        private static double ticks(String word) {
            return Long.parseLong(word) / TICKS_PER_SECOND;
        }
    }

    private record Reading(double server, double own, Machine machine) {}

    private CpuMeter(OptionalLong server, boolean loop) {
        this.server = server;
        this.loop = loop;
        this.last = read();
    }

    /** Of a loop in this very process. */
    static CpuMeter ofLoop() {
        return new CpuMeter(OptionalLong.empty(), true);
    }

    /** Of a service in another process, if it is known, and this one as its client. */
    static CpuMeter ofService(OptionalLong pid) {
        return new CpuMeter(pid, false);
    }

    /** What was used since the meter was made or last asked. */
    Cpu lap() {
        Reading now = read();
        double busy = now.machine().busy() - last.machine().busy();
        double stolen = now.machine().stolen() - last.machine().stolen();
        double own = now.own() - last.own();
        double served = now.server() - last.server();
        last = now;
        // The clocks tick every 10 ms, so that a difference can be a little below nothing.
        return loop
                ? new Cpu(own, Double.NaN, Math.max(0, busy - own), stolen)
                : new Cpu(served, own, Math.max(0, busy - own - served), stolen);
    }

    private Reading read() {
        double used = server.isPresent() ? CpuClock.of(server.getAsLong()) : Double.NaN;
        return new Reading(used, CpuClock.own(), machine());
    }

    private static Machine machine() {
        try {
            return Files.isReadable(STAT)
                    ? Machine.parse(Files.readAllLines(STAT).getFirst())
                    : Machine.UNKNOWN;
        } catch (IOException e) {
            return Machine.UNKNOWN;
        }
    }
}
