package io.cospace.evaluate.data;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several data sets as one; each is opened when its turn comes. */
final class ChainedReader extends AbstractPairReader {
    private final Iterator<Source> sources;
    private final List<String> classes;
    private final SkippedSamples skipped;
    private @Nullable PairReader current;
    private @Nullable StoredImage last;

    /** Data sets with captions of their own. */
    ChainedReader(List<Source> sources, SkippedSamples skipped) {
        this(sources, List.of(), skipped);
    }

    /**
     * Shards of labelled images.
     *
     * @param classes their names by label; empty: the samples have captions instead
     */
    ChainedReader(List<Source> sources, List<String> classes, SkippedSamples skipped) {
        this.sources = sources.iterator();
        this.classes = List.copyOf(classes);
        this.skipped = skipped;
    }

    @Override
    @Nullable Pair read() {
        while (true) {
            PairReader reader = current;
            if (reader != null && reader.hasNext()) {
                Pair pair = reader.next();
                last = reader.stored();
                return pair;
            }
            close();
            if (!sources.hasNext()) {
                return null;
            }
            current = sources.next().open(classes, skipped);
        }
    }

    @Override
    @Nullable StoredImage lastRead() {
        return last;
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
