package io.cospace.service.grpc;

import com.google.rpc.Status;
import io.cospace.service.admission.RefusalException;
import io.cospace.service.embedding.EmbeddingListener;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.Refusals;
import io.cospace.service.signals.CallTrail;
import io.vertx.core.Context;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One call and its one end: answered, failed, or left by its client. Any thread may end it; the
 * call itself is touched on its event loop. Thread-safe.
 */
final class Exchange {

    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

    private final String method;
    private final WireCall call;
    private final Context context;
    private final EmbeddingListener listener;
    private final CallTrail trail;

    /* Guarded by itself. */
    private final List<Runnable> onEnd = new ArrayList<>();
    private boolean over;

    /**
     * @param context the event loop of the call
     * @param trail takes what becomes known of the call
     */
    Exchange(
            String method,
            WireCall call,
            Context context,
            EmbeddingListener listener,
            CallTrail trail) {
        this.method = method;
        this.call = call;
        this.context = context;
        this.listener = listener;
        this.trail = trail;
    }

    WireCall call() {
        return call;
    }

    CallTrail trail() {
        return trail;
    }

    /** Runs an action when the call has ended in whatever way; at once when it has. */
    void onEnd(Runnable action) {
        synchronized (onEnd) {
            if (!over) {
                onEnd.add(action);
                return;
            }
        }
        action.run();
    }

    boolean isOver() {
        synchronized (onEnd) {
            return over;
        }
    }

    /** Runs an action on the call's event loop. */
    void onLoop(Runnable action) {
        context.runOnContext(_ -> action.run());
    }

    /** Answers a call that has one answer. */
    void answer(byte[] message) {
        if (end()) {
            onLoop(() -> {
                call.send(message);
                call.complete();
            });
        }
    }

    /** Ends a stream whose messages have been sent. */
    void complete() {
        if (end()) {
            onLoop(call::complete);
        }
    }

    /** Ends the call with what was thrown. */
    void fail(Throwable thrown) {
        switch (cause(thrown)) {
            case ProblemException known -> fail(known.problem().name(), GrpcProblems.call(known));
            case RefusalException refused -> fail(Refusals.problem(refused));
            case CancellationException _ -> gone();
            case null, default -> {
                LOG.log(Level.ERROR, "a call to " + method + " failed", thrown);
                fail("internal-error", GrpcProblems.internal());
            }
        }
    }

    private void fail(String reason, Status status) {
        if (end()) {
            listener.rejected(reason);
            trail.problem(reason);
            onLoop(() -> call.fail(status));
        }
    }

    /** The client does not read what was sent, and is cut off. */
    void stalled() {
        listener.rejected("client-stalled");
        trail.stalled();
        boolean _ = end();
        trail.gone();
    }

    /** The client has gone; after the end that is as it should be. */
    void gone() {
        if (end()) {
            trail.gone();
        }
    }

    private boolean end() {
        List<Runnable> actions;
        synchronized (onEnd) {
            if (over) {
                return false;
            }
            over = true;
            actions = List.copyOf(onEnd);
            onEnd.clear();
        }
        actions.forEach(Runnable::run);
        return true;
    }

    /** What a stage failed with, without the wrappers. */
    static @Nullable Throwable cause(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
