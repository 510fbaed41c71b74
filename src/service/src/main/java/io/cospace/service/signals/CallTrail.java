package io.cospace.service.signals;

import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.SimilarityResult;
import io.cospace.service.embedding.StageTimes;
import io.cospace.service.embedding.TextUse;
import io.cospace.service.signals.CallRecord.Stages;
import io.cospace.service.signals.CallRecord.Work;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes known of one call on its way. The transports tell it; when the call has ended, it is
 * told on, once. Costs nothing where nobody listens. Thread-safe.
 */
public final class CallTrail {

    private static final String KEY = "cospace.trail";
    private static final CallTrail NONE = new CallTrail(null);

    /** What is done with a call that has ended. */
    interface End {

        /**
         * Takes what is known.
         *
         * @param problem what the call was answered with, or how its client went
         * @param gone whether its client has gone before the answer
         */
        void call(@Nullable String problem, boolean gone, Work work);
    }

    private final long startNanos = System.nanoTime();
    private @Nullable End end;
    private @Nullable String caller;
    private @Nullable String model;
    private @Nullable String problem;
    private String departure = "client-gone";
    private @Nullable Stages stages;
    private long items;
    private long failed;
    private long tokens;

    /**
     * @param end null: nobody listens
     */
    CallTrail(@Nullable End end) {
        this.end = end;
    }

    /** The trail of a call. */
    public static CallTrail of(RoutingContext http) {
        CallTrail trail = http.get(KEY);
        return trail == null ? NONE : trail;
    }

    void attach(RoutingContext http) {
        http.put(KEY, this);
    }

    /** Names the key of the call. */
    public synchronized void caller(String name) {
        caller = name;
    }

    /** Counts inputs that are asked for; a stream does so as they come. */
    public synchronized void asked(int inputs) {
        items += inputs;
    }

    /** Names the model that answers. */
    public synchronized void model(String name) {
        model = name;
    }

    /** Counts items that are answered; a stream does so one by one. */
    public synchronized void answered(List<EmbedResult.Item> answers) {
        for (EmbedResult.Item answer : answers) {
            switch (answer) {
                case EmbedResult.Embedded(_, _, TextUse use) -> read(use);
                case EmbedResult.Chunked(_, TextUse use) -> read(use);
                case EmbedResult.Failed _ -> failed++;
            }
        }
    }

    private void read(@Nullable TextUse use) {
        tokens += use == null ? 0 : use.tokensUsed();
    }

    /** Counts what an answer with vectors says. */
    public synchronized void answered(EmbedResult result) {
        model = result.model();
        answered(result.items());
    }

    /** Counts what an answer with scores says. */
    public synchronized void answered(SimilarityResult result) {
        model = result.model();
        tokens += result.usage().tokens();
    }

    /**
     * Says when the stages of a call with one answer were, on the clock of {@link System#nanoTime}.
     *
     * @param from start of the preparation
     * @param encodeFrom start of writing the answer
     */
    public synchronized void stages(
            long from, StageTimes times, long encodeFrom, long encodeNanos) {
        stages = new Stages(from - startNanos, times, encodeFrom - startNanos, encodeNanos);
    }

    /** Names the problem that the call is answered with. */
    public synchronized void problem(String name) {
        problem = name;
    }

    /** Says of a client that goes that it was sent away, because it does not read its answer. */
    public synchronized void stalled() {
        departure = "client-stalled";
    }

    /** Ends the call: its client has gone. */
    public void gone() {
        end(true);
    }

    void end(boolean gone) {
        End action;
        Work work;
        String named;
        synchronized (this) {
            action = end;
            end = null;
            work = new Work(caller, model, items, failed, tokens, stages);
            named = gone ? departure : problem;
        }
        if (action != null) {
            action.call(named, gone, work);
        }
    }
}
