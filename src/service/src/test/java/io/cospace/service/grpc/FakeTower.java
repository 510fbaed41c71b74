package io.cospace.service.grpc;

import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.FakeModel;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.TextRow;
import io.cospace.service.embedding.Tower;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A text tower that answers at once, holds its runs back, or refuses. */
final class FakeTower implements Tower<TextRow> {

    private final Tower<TextRow> direct = FakeModel.direct().texts();
    private final AtomicInteger runs = new AtomicInteger();
    private final List<CompletableFuture<Run>> held = new CopyOnWriteArrayList<>();
    private final List<CallContext> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean holding;

    /** Answers nothing from now on. */
    void hold() {
        holding = true;
    }

    /** Refuses so many times from now on. */
    void refuse(int times) {
        refusals.set(times);
    }

    /** The runs that are held back. */
    List<CompletableFuture<Run>> held() {
        return held;
    }

    /** The calls that came here, one for each time. */
    List<CallContext> calls() {
        return calls;
    }

    /** Texts that came here. */
    int runs() {
        return runs.get();
    }

    @Override
    public List<CompletableFuture<Run>> submit(List<TextRow> rows, CallContext call) {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new ProblemException(
                    new Problem.Overloaded("the queue is full", Duration.ofMillis(1)));
        }
        calls.add(call);
        runs.addAndGet(rows.size());
        if (!holding) {
            return direct.submit(rows, call);
        }
        List<CompletableFuture<Run>> futures = new ArrayList<>();
        rows.forEach(_ -> futures.add(new CompletableFuture<>()));
        held.addAll(futures);
        return futures;
    }
}
