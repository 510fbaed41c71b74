package io.cospace.export.importer;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells how far an import is: a line a step, and on a terminal a bar within it that follows the
 * bytes written. Not thread-safe, but for its own follower.
 */
final class ProgressBar {
    private static final int WIDTH = 24;
    private static final long MEGABYTE = 1 << 20;
    private static final long FOLLOW_MILLIS = 250;

    private final PrintWriter out;
    private final boolean terminal;
    private final int steps;
    private int step;

    /**
     * A bar over a number of steps.
     *
     * @param terminal whether {@code out} shows a carriage return as one
     */
    ProgressBar(PrintWriter out, boolean terminal, int steps) {
        this.out = out;
        this.terminal = terminal;
        this.steps = steps;
    }

    /** Says that a step was found done. */
    void skip(String name) {
        step++;
        out.printf("[%d/%d] %s: done before%n", step, steps, name);
        out.flush();
    }

    /**
     * Runs one step.
     *
     * @param expectedBytes what it will write about; 0 if nobody knows
     * @param written how much it has written so far
     */
    void run(String name, long expectedBytes, LongSupplier written, Runnable work) {
        step++;
        String title = "[%d/%d] %s".formatted(step, steps, name);
        Thread follower = null;
        if (terminal) {
            follower = Thread.ofVirtual().start(() -> follow(title, expectedBytes, written));
        }
        try {
            work.run();
        } finally {
            stop(follower);
        }
        long bytes = written.getAsLong();
        out.printf("%s%s%s%n", terminal ? "\r\u001b[K" : "", title, amount(bytes));
        out.flush();
    }

    private void follow(String title, long expected, LongSupplier written) {
        try {
            while (true) {
                out.print("\r\u001b[K" + title + " " + bar(written.getAsLong(), expected));
                out.flush();
                Thread.sleep(FOLLOW_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(@Nullable Thread follower) {
        if (follower == null) {
            return;
        }
        follower.interrupt();
        try {
            follower.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@code [######......] 12 of 24 MB}, or the amount alone where the end is not known. */
    static String bar(long written, long expected) {
        if (expected <= 0) {
            return written / MEGABYTE + " MB";
        }
        int filled = Math.clamp(WIDTH * written / expected, 0, WIDTH);
        return "[%s%s] %d of %d MB"
                .formatted(
                        "#".repeat(filled),
                        ".".repeat(WIDTH - filled),
                        written / MEGABYTE,
                        Math.ceilDiv(expected, MEGABYTE));
    }

    private static String amount(long bytes) {
        return bytes < MEGABYTE ? "" : ": " + bytes / MEGABYTE + " MB";
    }
}
