package io.cospace.service.signals;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One JSON line for each call, written by a thread of its own. A writer that is too slow loses
 * lines and says how many; it never holds up a call. Thread-safe.
 */
public final class AccessLog implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final Duration LAST_LINES = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 1_024;

    private final OutputStream out;
    private final BlockingQueue<CallRecord> waiting;
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private volatile boolean closed;

    /**
     * @param capacity lines that may wait for the writer
     */
    AccessLog(OutputStream out, int capacity) {
        this.out = out;
        this.waiting = new ArrayBlockingQueue<>(capacity);
        this.writer =
                Thread.ofPlatform().name("cospace-access-log").daemon(true).unstarted(this::write);
    }

    AccessLog start() {
        writer.start();
        return this;
    }

    /** Writes to standard output, past the loggers: each line stays as it is. */
    static AccessLog toStandardOutput() {
        return new AccessLog(new FileOutputStream(FileDescriptor.out), 8_192).start();
    }

    /**
     * Appends to a file.
     *
     * @throws IOException when it cannot be opened
     */
    static AccessLog toFile(Path file) throws IOException {
        OutputStream out =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new AccessLog(out, 8_192).start();
    }

    /** Takes a call; returns at once. */
    void add(CallRecord call) {
        if (!waiting.offer(call)) {
            lost.incrementAndGet();
        }
    }

    private void write() {
        List<CallRecord> calls = new ArrayList<>();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        boolean broken = false;
        while (!closed || !waiting.isEmpty()) {
            try {
                calls.add(waiting.take());
            } catch (InterruptedException _) {
                continue; // close() wakes it up
            }
            waiting.drainTo(calls, MOST_AT_ONCE);
            try {
                calls.forEach(call -> AccessLine.write(call, lines));
                long missing = lost.getAndSet(0);
                if (missing > 0) {
                    AccessLine.writeLost(missing, lines);
                }
                // In one piece, so that nothing else comes between.
                lines.writeTo(out);
                out.flush();
                broken = false;
            } catch (IOException e) {
                if (!broken) {
                    LOG.log(Level.WARNING, "the access log cannot be written: {0}", e.getMessage());
                }
                broken = true;
            }
            calls.clear();
            lines.reset();
        }
    }

    /** Writes what waits, for up to 5 s. Standard output stays open. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            if (writer.join(LAST_LINES)) {
                out.flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the access log cannot be written: {0}", e.getMessage());
        }
    }
}
