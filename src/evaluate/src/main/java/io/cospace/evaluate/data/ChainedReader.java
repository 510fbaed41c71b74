package io.cospace.evaluate.data;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several data sets as one; each is opened when its turn comes. */
final class ChainedReader extends AbstractPairReader {
    private final Iterator<Source> sources;
    private final SkippedSamples skipped;
    private @Nullable PairReader current;

    ChainedReader(List<Source> sources, SkippedSamples skipped) {
        this.sources = sources.iterator();
        this.skipped = skipped;
    }

    @Override
    @Nullable Pair read() {
        while (true) {
            PairReader reader = current;
            if (reader != null && reader.hasNext()) {
                return reader.next();
            }
            close();
            if (!sources.hasNext()) {
                return null;
            }
            current = sources.next().open(skipped);
        }
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
