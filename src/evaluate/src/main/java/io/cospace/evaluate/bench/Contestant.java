package io.cospace.evaluate.bench;

import java.time.Duration;

/** Something that works off a workload and can be measured. Used by one thread at a time. */
public interface Contestant extends AutoCloseable {
    /** A name for the table. */
    String name();

    /** Works for about this long and tells what came out. */
    Sample run(Duration duration) throws InterruptedException;

    @Override
    void close();
}
