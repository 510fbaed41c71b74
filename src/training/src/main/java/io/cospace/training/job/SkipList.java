package io.cospace.training.job;

import io.cospace.evaluate.data.SkippedSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code skipped.txt} of a run: a line for each sample that was left out, and why. Written as they
 * are found; a run that goes on keeps those that it found before it was broken off.
 */
final class SkipList {
    private final Path file;
    private final SkippedSamples found;
    private final Set<String> lines = new LinkedHashSet<>();
    private long seen;

    SkipList(Path file, SkippedSamples found) {
        this.file = file;
        this.found = found;
        try {
            if (Files.exists(file)) {
                lines.addAll(Files.readAllLines(file));
            }
        } catch (IOException e) {
            throw new JobException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes down what was found since. */
    void save() {
        long count = found.count();
        if (count == seen) {
            return;
        }
        seen = count;
        found.listed().forEach(sample -> lines.add(sample.toString().replace('\n', ' ')));
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new JobException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** How many there are, those that are not listed for their number included. */
    long count() {
        return Math.max(lines.size(), found.count());
    }

    List<String> listed() {
        return List.copyOf(lines);
    }
}
