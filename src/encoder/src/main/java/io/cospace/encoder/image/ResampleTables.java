package io.cospace.encoder.image;

import io.cospace.encoder.image.Preprocessing.Interpolation;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tables that were used of late, since pictures come in few sizes. Bounded by the number of weights
 * held, 4 MB; the table least recently used goes first. Thread-safe.
 */
final class ResampleTables {
    private static final int MAX_WEIGHTS = 1_000_000;

    private record Key(int in, int out, int from, int size) {}

    private final Interpolation interpolation;
    private final Map<Key, ResampleTable> tables = new LinkedHashMap<>(16, 0.75f, true);
    private int weights;

    ResampleTables(Interpolation interpolation) {
        this.interpolation = interpolation;
    }

    /** The table of {@link ResampleTable}'s arguments. */
    ResampleTable get(int in, int out, int from, int size) {
        Key key = new Key(in, out, from, size);
        synchronized (tables) {
            ResampleTable known = tables.get(key);
            if (known != null) {
                return known;
            }
        }
        ResampleTable made = new ResampleTable(in, out, from, size, interpolation);
        keep(key, made);
        return made;
    }

    private void keep(Key key, ResampleTable made) {
        if (made.weights().length > MAX_WEIGHTS / 4) {
            return;
        }
        synchronized (tables) {
            ResampleTable replaced = tables.put(key, made);
            weights += made.weights().length - (replaced == null ? 0 : replaced.weights().length);
            Iterator<ResampleTable> eldest = tables.values().iterator();
            while (weights > MAX_WEIGHTS) {
                weights -= eldest.next().weights().length;
                eldest.remove();
            }
        }
    }

    /** Weights held, for tests of the bound. */
    int heldWeights() {
        synchronized (tables) {
            return weights;
        }
    }
}
