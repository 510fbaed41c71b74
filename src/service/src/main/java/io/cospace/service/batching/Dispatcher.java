package io.cospace.service.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place where batches run, and the thread that runs them. A batch that fails is halved and run
 * again, until the guilty item is alone; the others answer.
 */
final class Dispatcher {

    private final Dispatchers dispatchers;
    private final int index;

    /** What is left of the batch in hand; used by this dispatcher's thread only. */
    private final Deque<Batch<?, ?>> pending = new ArrayDeque<>();

    /* Guarded by the lock of Dispatchers. */
    private @Nullable Batch<?, ?> running;
    private long startNanos;

    Dispatcher(Dispatchers dispatchers, int index) {
        this.dispatchers = dispatchers;
        this.index = index;
    }

    void start() {
        Thread.ofPlatform().daemon().name("cospace-dispatcher-" + index).start(this::loop);
    }

    private void loop() {
        while (true) {
            try {
                Batch<?, ?> batch = dispatchers.await(this);
                if (batch == null) {
                    return;
                }
                run(batch);
            } catch (InterruptedException _) {
                // Nobody may interrupt a dispatcher but Dispatchers, which sets its own flag.
            }
        }
    }

    /** Takes and runs one batch, if something may run now. */
    boolean step() {
        Batch<?, ?> batch = dispatchers.poll(this);
        if (batch != null) {
            run(batch);
        }
        return batch != null;
    }

    void run(Batch<?, ?> taken) {
        try {
            pending.push(taken);
            while (!pending.isEmpty()) {
                runOnce(pending.pop());
            }
        } finally {
            dispatchers.end(this);
        }
    }

    private <I, O> void runOnce(Batch<I, O> batch) {
        Placement placement = new Placement(index, batch.cores());
        long start = dispatchers.now();
        List<O> results = null;
        Throwable failure = null;
        try {
            results = compute(batch, placement);
        } catch (Throwable t) {
            failure = t;
        }
        long nanos = dispatchers.now() - start;
        dispatchers.listener().ran(BatchRun.of(batch, placement, nanos, failure == null));
        if (results != null) {
            batch.lane().cost().observe(batch.cores(), batch.predictedMillis(), nanos / 1e6);
            answer(batch, results, start, nanos);
        } else if (batch.rows() == 1) {
            fail(batch.entries().getFirst(), failure);
        } else {
            int half = batch.rows() / 2;
            pending.push(part(batch, half, batch.rows()));
            pending.push(part(batch, 0, half));
        }
    }

    private static <I, O> List<O> compute(Batch<I, O> batch, Placement placement) throws Exception {
        Lane<I, O> lane = batch.lane();
        List<I> items = new ArrayList<>(batch.rows());
        for (Entry<I, O> entry : batch.entries()) {
            items.add(entry.item);
        }
        List<O> results = lane.function().run(items, placement);
        if (results.size() != batch.rows()) {
            throw new IllegalStateException(
                    "%s answered %d results for %d items"
                            .formatted(lane.name(), results.size(), batch.rows()));
        }
        for (int slot = 0; slot < results.size(); slot++) {
            if (!lane.valid().test(results.get(slot))) {
                throw new IllegalStateException(
                        "%s gave an invalid result in slot %d of %d"
                                .formatted(lane.name(), slot, batch.rows()));
            }
        }
        return results;
    }

    private <I, O> void answer(Batch<I, O> batch, List<O> results, long start, long nanos) {
        Lane<I, O> lane = batch.lane();
        for (int slot = 0; slot < batch.rows(); slot++) {
            Entry<I, O> entry = batch.entries().get(slot);
            if (entry.key != null) {
                lane.cache().put(entry.key, results.get(slot));
            }
        }
        dispatchers.finish(batch.entries());
        for (int slot = 0; slot < batch.rows(); slot++) {
            Entry<I, O> entry = batch.entries().get(slot);
            entry.answer(results.get(slot), start, nanos, batch.rows());
            dispatchers
                    .listener()
                    .answered(
                            lane.name(),
                            entry.priority,
                            start - entry.enqueuedNanos,
                            nanos,
                            batch.rows());
        }
    }

    private <I, O> void fail(Entry<I, O> entry, @Nullable Throwable cause) {
        dispatchers.finish(List.of(entry));
        Throwable known = cause == null ? new IllegalStateException("no result") : cause;
        entry.fail(
                new RunFailedException(
                        "%s failed on one item alone".formatted(entry.lane.name()), known));
        dispatchers.listener().failed(entry.lane.name(), entry.priority, known);
    }

    private static <I, O> Batch<I, O> part(Batch<I, O> batch, int from, int to) {
        return Batch.of(
                batch.priority(), Cores.ONE, List.copyOf(batch.entries().subList(from, to)));
    }

    // ---- inside the lock

    void begin(Batch<?, ?> batch, long nowNanos) {
        running = batch;
        startNanos = nowNanos;
    }

    void end() {
        running = null;
    }

    boolean runs(Lane<?, ?> lane) {
        return running != null && running.lane() == lane;
    }

    double restMillis(long nowNanos) {
        return running == null
                ? 0
                : Math.max(0, running.predictedMillis() - (nowNanos - startNanos) / 1e6);
    }
}
