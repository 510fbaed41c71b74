package io.cospace.service.batching;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs the batches of one member of the crew. A batch that fails is halved and run again, until the
 * guilty item is alone; the others answer. An {@link Error} ends the thread as well, since nobody
 * knows what it left behind; the next thread goes on with the halves.
 */
final class Dispatcher {

    private final Engine engine;
    private final Supervisor supervisor;
    private final Crew.Member member;

    Dispatcher(Supervisor supervisor, Crew.Member member) {
        this.supervisor = supervisor;
        this.engine = supervisor.engine();
        this.member = member;
    }

    /** Body of the thread: runs what is in hand, then waits for more, until told to end. */
    void loop() {
        try {
            do {
                finishHand();
            } while (engine.await(member));
        } catch (Throwable t) {
            supervisor.died(member, t);
        }
    }

    /** One turn without waiting: takes a batch if something may run now, and runs it. */
    boolean step() {
        boolean took = engine.poll(member);
        try {
            finishHand();
        } catch (Throwable t) {
            supervisor.died(member, t);
        }
        return took;
    }

    private void finishHand() {
        Batch<?, ?> batch = engine.advance(member);
        while (batch != null) {
            runOnce(batch);
            batch = engine.advance(member);
        }
    }

    private <I, O> void runOnce(Batch<I, O> batch) {
        Placement placement = new Placement(member.index, batch.cores());
        long start = engine.now();
        List<O> results = null;
        Throwable failure = null;
        try {
            results = compute(batch, placement);
        } catch (Throwable t) {
            failure = t;
        }
        boolean _ = Thread.interrupted(); // the function's own business, not the next batch's
        long nanos = engine.now() - start;
        engine.listener().ran(BatchRun.of(batch, placement, nanos, failure == null));
        if (results != null) {
            batch.lane().cost().observe(batch.cores(), batch.predictedMillis(), nanos / 1e6);
            answer(batch, results, start, nanos);
        } else if (failure != null) {
            isolate(batch, failure);
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
            lane.remember(batch.entries().get(slot).key, results.get(slot));
        }
        engine.finish(batch);
        BatchListener listener = engine.listener();
        for (int slot = 0; slot < batch.rows(); slot++) {
            Entry<I, O> entry = batch.entries().get(slot);
            entry.answer(results.get(slot), start, nanos, batch.rows());
            long queueNanos = start - entry.enqueuedNanos;
            listener.answered(lane.name(), entry.priority, queueNanos, nanos, batch.rows());
        }
    }

    private <I, O> void isolate(Batch<I, O> batch, Throwable failure) {
        if (batch.rows() == 1) {
            String message = "%s failed on one item alone".formatted(batch.lane().name());
            engine.fail(batch, new RunFailedException(message, failure));
        } else {
            engine.split(member, batch);
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }
}
