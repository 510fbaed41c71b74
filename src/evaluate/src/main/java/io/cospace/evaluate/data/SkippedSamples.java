package io.cospace.evaluate.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The samples that a run left out, with the reason: all are counted, the first {@value #LISTED} are
 * listed. Readers add what they cannot read; whoever decodes images may add to the same list. Safe
 * for use by several threads.
 */
public final class SkippedSamples {
    /** So many are kept with their reason; a data set of garbage must not fill the memory. */
    static final int LISTED = 1000;

    private final List<Skipped> listed = new ArrayList<>();
    private long count;

    /**
     * A sample that was left out.
     *
     * @param source the shard, table or folder
     * @param key the sample's key
     * @param reason what is wrong with it, for a person
     */
    public record Skipped(String source, String key, String reason) {
        @Override
        public String toString() {
            return source + ": " + key + ": " + reason;
        }
    }

    /** Counts a sample and lists it while there is room. */
    public synchronized void add(String source, String key, String reason) {
        count++;
        if (listed.size() < LISTED) {
            listed.add(new Skipped(source, key, reason));
        }
    }

    /** How many were left out. */
    public synchronized long count() {
        return count;
    }

    /** The first of them, in the order in which they were found. */
    public synchronized List<Skipped> listed() {
        return List.copyOf(listed);
    }
}
