package io.cospace.export.importer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The finished steps of one import, in a file beside the unfinished bundle, so that an interrupted
 * import goes on where it was. Its first line tells sources and options: other ones begin anew.
 * Held by one process at a time.
 */
final class Journal implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final Set<String> done;

    private Journal(Path file, FileChannel channel, Set<String> done) {
        this.file = file;
        this.channel = channel;
        this.done = done;
    }

    /**
     * Opens the journal of an import.
     *
     * @param fingerprint of sources and options, one line
     * @throws ImportException if another process holds it
     */
    static Journal open(Path file, String fingerprint) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            lock(file, channel);
            List<String> lines = Files.readAllLines(file);
            Set<String> done = new TreeSet<>();
            if (!lines.isEmpty() && lines.getFirst().equals(fingerprint)) {
                done.addAll(lines.subList(1, lines.size()));
            } else {
                channel.truncate(0);
                append(channel, fingerprint);
            }
            channel.position(channel.size());
            return new Journal(file, channel, done);
        } catch (IOException e) {
            throw new ImportException(file, "cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This process has it: the same answer as below.
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new ImportException(file, "is held: another import into this version is running");
        }
    }

    /** Whether nothing was finished before: what lies in the folder is of no use. */
    boolean isFresh() {
        return done.isEmpty();
    }

    boolean isDone(String step) {
        return done.contains(step);
    }

    /** Notes a step whose files are whole. */
    void done(String step) {
        try {
            append(channel, step);
            done.add(step);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void append(FileChannel channel, String line) throws IOException {
        var bytes = StandardCharsets.UTF_8.encode(line + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /** Removes the file: the import is over. */
    void remove() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
