package io.cospace.service.batching;

import org.jspecify.annotations.Nullable;

/**
 * Answers by content, kept between calls. Thread-safe; called outside the lane's lock.
 *
 * @param <O> result of one item, never changed by anyone
 */
public interface ContentCache<O> {

    @Nullable O get(Object key);

    void put(Object key, O value);

    /** Keeps nothing. */
    static <O> ContentCache<O> none() {
        return new ContentCache<>() {
            @Override
            public @Nullable O get(Object key) {
                return null;
            }

            @Override
            public void put(Object key, O value) {}
        };
    }
}
