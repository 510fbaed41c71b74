package io.cospace.service;

import io.cospace.service.embedding.EmbeddingListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts calls that failed and items that were given up. Thread-safe. */
public final class Rejections implements EmbeddingListener {

    private final List<String> reasons = new CopyOnWriteArrayList<>();
    private final AtomicInteger abandoned = new AtomicInteger();

    @Override
    public void rejected(String reason) {
        reasons.add(reason);
    }

    @Override
    public void abandoned() {
        abandoned.incrementAndGet();
    }

    /** Names of the problems of calls, in the order in which they failed. */
    public List<String> reasons() {
        return reasons;
    }

    /** Items that were given up before they were queued. */
    public int abandonedItems() {
        return abandoned.get();
    }

    /** Waits up to 40 s until a call failed so. */
    public void await(String reason) throws InterruptedException {
        for (int i = 0; i < 4_000 && !reasons.contains(reason); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (!reasons.contains(reason)) {
            throw new AssertionError("not %s within 40 s, but %s".formatted(reason, reasons));
        }
    }
}
