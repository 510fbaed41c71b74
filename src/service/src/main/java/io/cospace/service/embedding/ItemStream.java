package io.cospace.service.embedding;

import static java.util.Objects.requireNonNull;

import io.cospace.service.admission.Permit;
import io.cospace.service.admission.Refusal;
import io.cospace.service.admission.RefusalException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that are embedded one by one, each answered when it is ready. A caller that was let in is
 * slowed down, not refused: an input waits where the rate of its key is used up, or the queue is
 * full. Thread-safe.
 */
public final class ItemStream implements AutoCloseable {

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What becomes of one input; exactly one of both is called, unless the stream is closed. */
    public interface Answer {

        /** The input's vector or its problem. On {@link Workers#texts}. */
        void item(EmbedResult.Item item);

        /** What no caller can be told, and so ends the stream. */
        void fault(Throwable thrown);
    }

    private final EmbeddingService service;
    private final Workers workers;
    private final @Nullable Permit permit;
    private final Supplier<CallContext> contexts;
    private final Set<CallContext> live = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile @Nullable Lease lease;

    /**
     * @param permit whose rate each input takes from; null: it has been taken already
     * @param contexts of each input, from the moment that it is begun
     */
    public ItemStream(
            EmbeddingService service,
            Workers workers,
            @Nullable Permit permit,
            Supplier<CallContext> contexts) {
        this.service = service;
        this.workers = workers;
        this.permit = permit;
        this.contexts = contexts;
    }

    /** Has one version answer all inputs, whatever is served by then; gives it back at the end. */
    public void use(Lease model) {
        lease = model;
        if (closed) {
            model.close();
        }
    }

    /** Embeds the one input of {@code request}, which fails alone. On {@link Workers#texts}. */
    public void embed(EmbedRequest request, Answer answer) {
        if (closed) {
            return;
        }
        try {
            if (permit != null) {
                permit.charge(request.inputs().size());
            }
        } catch (RefusalException e) {
            if (e.refusal() instanceof Refusal.RateLimited limited) {
                later(limited.retryAfter(), () -> embed(request, answer));
            } else {
                answer.fault(e);
            }
            return;
        }
        CallContext context = contexts.get();
        live.add(context);
        if (closed) {
            context.cancel();
        }
        attempt(request, context, answer);
    }

    private void attempt(EmbedRequest request, CallContext context, Answer answer) {
        Lease used = requireNonNull(lease, "This is a bug: an input before the model");
        CompletableFuture<?> _ =
                service.embed(request, context, used.model())
                        .handle(ItemStream::item)
                        .whenComplete((item, thrown) -> {
                            if (item == null) {
                                live.remove(context);
                                fault(thrown, answer);
                            } else if (!retried(item, request, context, answer)) {
                                live.remove(context);
                                answer.item(item);
                            }
                        });
    }

    private boolean retried(
            EmbedResult.Item item, EmbedRequest request, CallContext context, Answer answer) {
        if (!(item instanceof EmbedResult.Failed(_, Problem.Overloaded overloaded))) {
            return false;
        }
        long left = context.deadlineNanos() - System.nanoTime();
        if (overloaded.retryAfter().toNanos() >= left || closed) {
            return false;
        }
        later(overloaded.retryAfter(), () -> attempt(request, context, answer));
        return true;
    }

    private void later(Duration pause, Runnable action) {
        long nanos = Math.max(SHORTEST_PAUSE_NANOS, pause.toNanos());
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, workers.texts())
                .execute(action);
    }

    private static void fault(@Nullable Throwable thrown, Answer answer) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (!(cause instanceof CancellationException)) {
            answer.fault(cause == null ? new IllegalStateException("no item") : cause);
        }
    }

    /** The one item of a result; a problem of the call is the problem of its one item. */
    private static EmbedResult.Item item(@Nullable EmbedResult result, @Nullable Throwable thrown) {
        if (result != null) {
            return result.items().getFirst();
        }
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof ProblemException known) {
            return new EmbedResult.Failed(null, known.problem());
        }
        throw new CompletionException(cause);
    }

    /** Gives up what has not been answered: nobody waits any more. */
    @Override
    public void close() {
        closed = true;
        live.forEach(CallContext::cancel);
        Lease used = lease;
        if (used != null) {
            used.close();
        }
    }
}
