package io.cospace.evaluate;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.Pair;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Pairs with the captions that were asked for; a pair without any of them is passed over. */
final class SelectedPairs implements Iterator<Pair> {
    private final Iterator<Pair> source;
    private final UnaryOperator<Pair> change;
    private final Set<String> languages;
    private @Nullable Pair ahead;

    /**
     * A selection of another iterator's pairs.
     *
     * @param change applied to each pair first
     * @param languages those wanted; empty: all
     */
    SelectedPairs(Iterator<Pair> source, UnaryOperator<Pair> change, List<String> languages) {
        this.source = source;
        this.change = change;
        this.languages = Set.copyOf(languages);
    }

    @Override
    public boolean hasNext() {
        while (ahead == null && source.hasNext()) {
            ahead = select(change.apply(source.next()));
        }
        return ahead != null;
    }

    @Override
    public Pair next() {
        Pair pair = hasNext() ? ahead : null;
        if (pair == null) {
            throw new NoSuchElementException("the data have no more pairs");
        }
        ahead = null;
        return pair;
    }

    private @Nullable Pair select(Pair pair) {
        if (languages.isEmpty()) {
            return pair;
        }
        List<Caption> wanted =
                pair.captions().stream().filter(c -> languages.contains(c.language())).toList();
        return wanted.isEmpty()
                ? null
                : new Pair(pair.key(), pair.image(), wanted, pair.metadata());
    }
}
