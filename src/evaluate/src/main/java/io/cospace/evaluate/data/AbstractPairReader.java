package io.cospace.evaluate.data;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The look-ahead that every reader needs: subclasses say only what comes next. */
abstract class AbstractPairReader implements PairReader {
    private @Nullable Pair ahead;
    private @Nullable StoredImage aheadStored;
    private @Nullable StoredImage stored;
    private boolean ended;

    /** Reads on to the next usable sample; null at the end of the data. */
    abstract @Nullable Pair read();

    /** Where the image of the sample that {@link #read} gave last lies. */
    abstract @Nullable StoredImage lastRead();

    @Override
    public final boolean hasNext() {
        if (ahead == null && !ended) {
            ahead = read();
            ended = ahead == null;
            aheadStored = lastRead();
        }
        return ahead != null;
    }

    @Override
    public final Pair next() {
        Pair pair = hasNext() ? ahead : null;
        if (pair == null) {
            throw new NoSuchElementException("the data have no more pairs");
        }
        ahead = null;
        stored = aheadStored;
        return pair;
    }

    @Override
    public final StoredImage stored() {
        if (stored == null) {
            throw new IllegalStateException("no pair was read");
        }
        return stored;
    }
}
