package io.cospace.service.grpc;

import io.cospace.service.admission.Permit;
import io.cospace.service.admission.Refusal;
import io.cospace.service.admission.RefusalException;
import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.EmbeddingService;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.Lease;
import io.cospace.service.embedding.Model;
import io.cospace.service.embedding.Models;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.Options;
import io.cospace.service.embedding.OutputType;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.grpc.v1.EmbedStreamRequest;
import io.cospace.service.grpc.v1.EmbedStreamResponse;
import io.cospace.service.grpc.v1.StreamHeader;
import io.cospace.service.grpc.v1.StreamInput;
import io.cospace.service.grpc.v1.StreamItem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code EmbedStream}: inputs in, each answered when it is ready. No more than {@value #WINDOW}
 * inputs are between the wire in and the wire out: one more is read when an answer has been
 * written, and answers are written while the client reads. So a client that does not read is not
 * read either, and the memory of a stream is bounded whatever its length.
 */
final class EmbedStream implements Method {

    /** Inputs of one stream that are read and not yet answered. */
    static final int WINDOW = 256;

    /** Longest id of an input, in characters. */
    private static final int LONGEST_ID = 256;

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final CallDoor door;
    private final EmbeddingService service;
    private final Models models;

    EmbedStream(CallDoor door, EmbeddingService service, Models models) {
        this.door = door;
        this.service = service;
        this.models = models;
    }

    @Override
    public boolean hasDefaultTimeout() {
        return false;
    }

    @Override
    public Priority defaultPriority() {
        return Priority.BULK;
    }

    @Override
    public void start(CallDoor.Arrival arrival) {
        WireCall call = arrival.exchange().call();
        call.start(new Stream(arrival));
        call.request(1);
    }

    /** What the first message said. */
    private record Asked(Model model, Options options, Set<OutputType> types) {}

    /** One stream. Everything but {@link #run} happens on its event loop. */
    private final class Stream implements WireCall.Listener {

        private final WireCall call;
        private final Exchange exchange;
        private final Permit permit;
        private final Queue<byte[]> ready = new ArrayDeque<>();

        /** The inputs on their way; used by any thread. */
        private final Set<CallContext> live = ConcurrentHashMap.newKeySet();

        private @Nullable Asked asked;
        private int running;
        private boolean halfClosed;

        /** The process is about to end: what was read is answered, and nothing more is read. */
        private boolean leaving;

        Stream(CallDoor.Arrival arrival) {
            this.exchange = arrival.exchange();
            this.call = exchange.call();
            this.permit = arrival.permit();
            exchange.onEnd(() -> live.forEach(CallContext::cancel));
            permit.onDrain(() ->
                    exchange.onLoop(() -> {
                        leaving = true;
                        flush();
                    }));
        }

        @Override
        public void onMessage(Frame frame) {
            if (exchange.isOver() || leaving) {
                return;
            }
            try {
                if (asked == null) {
                    begin(door.parse(EmbedStreamRequest.parser(), frame));
                } else {
                    Asked all = asked;
                    door.workers().texts().execute(() -> run(frame, all));
                    running++;
                }
            } catch (RejectedExecutionException _) {
                exchange.fail(new ProblemException(new Problem.Draining(Duration.ofSeconds(1))));
            } catch (RuntimeException e) {
                exchange.fail(e);
            }
        }

        private void begin(EmbedStreamRequest first) {
            if (first.getMessageCase() != EmbedStreamRequest.MessageCase.OPTIONS) {
                throw Messages.invalid("", "the first message of a stream must hold options");
            }
            Options all = Messages.options(first.getOptions());
            // One version for the whole stream, whatever is served by then.
            Lease lease = models.lease(all.model(), all.space());
            exchange.onEnd(lease::close);
            Model model = lease.model();
            exchange.trail().model(model.id());
            StreamHeader header =
                    StreamHeader.newBuilder()
                            .setModel(model.id())
                            .setSpace(model.space())
                            .setDimensions(model.dimensions(all.dimensions()))
                            .build();
            asked = new Asked(model, all, Messages.types(first.getOptions()));
            call.send(EmbedStreamResponse.newBuilder().setHeader(header).build().toByteArray());
            call.request(WINDOW);
        }

        @Override
        public void onHalfClose() {
            halfClosed = true;
            flush();
        }

        @Override
        public void onReady() {
            flush();
        }

        @Override
        public void onCancel() {
            exchange.gone();
        }

        @Override
        public void onFault(RuntimeException fault) {
            exchange.fail(fault);
        }

        /** Reads and embeds one input, on the workers. */
        private void run(Frame frame, Asked all) {
            String id = "";
            try {
                EmbedStreamRequest message = door.parse(EmbedStreamRequest.parser(), frame);
                StreamInput input = message.getInput();
                id = input.getId();
                if (message.getMessageCase() != EmbedStreamRequest.MessageCase.INPUT) {
                    throw Messages.invalid("", "every message but the first must hold an input");
                }
                if (id.length() > LONGEST_ID) {
                    throw Messages.invalid(
                            "/input/id",
                            "has %d characters; must have at most %d"
                                    .formatted(id.length(), LONGEST_ID));
                }
                exchange.trail().asked(1);
                Input one = Messages.input(input.getInput(), "/input/input", false);
                charge(
                        id,
                        all.model(),
                        new EmbedRequest(List.of(one), all.options(), all.types(), OnError.ITEM));
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                exchange.fail(e);
            }
        }

        /** Takes the input from the rate of its key; waits where that is used up. */
        private void charge(String id, Model model, EmbedRequest request) {
            try {
                permit.charge(1);
                embed(id, model, request);
            } catch (RefusalException e) {
                if (e.refusal() instanceof Refusal.RateLimited limited && !exchange.isOver()) {
                    long nanos = Math.max(SHORTEST_PAUSE_NANOS, limited.retryAfter().toNanos());
                    later(nanos, () -> charge(id, model, request));
                } else {
                    exchange.fail(e);
                }
            }
        }

        private void later(long nanos, Runnable action) {
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, door.workers().texts())
                    .execute(action);
        }

        private void embed(String id, Model model, EmbedRequest request) {
            CallContext context =
                    new CallContext(System.nanoTime(), door.limits().timeout(), permit.priority());
            live.add(context);
            if (exchange.isOver()) {
                context.cancel();
            }
            attempt(id, model, request, context);
        }

        private void attempt(String id, Model model, EmbedRequest request, CallContext context) {
            CompletableFuture<?> _ =
                    service.embed(request, context, model)
                            .handle((result, thrown) -> itemOf(result, thrown))
                            .whenComplete((item, thrown) -> {
                                if (item == null) {
                                    exchange.fail(
                                            thrown == null
                                                    ? new IllegalStateException("no item")
                                                    : thrown);
                                } else if (!retried(
                                        item,
                                        context,
                                        nanos ->
                                                later(
                                                        nanos,
                                                        () ->
                                                                attempt(
                                                                        id, model, request,
                                                                        context)))) {
                                    live.remove(context);
                                    answer(id, item, request.types());
                                }
                            });
        }

        /**
         * Waits and tries again while the queue is full: a stream that is let in slows down, it
         * does not lose inputs.
         */
        private boolean retried(EmbedResult.Item item, CallContext context, LongConsumer again) {
            if (!(item instanceof EmbedResult.Failed failed)
                    || !(failed.problem() instanceof Problem.Overloaded overloaded)) {
                return false;
            }
            long left = context.deadlineNanos() - System.nanoTime();
            long nanos = Math.max(SHORTEST_PAUSE_NANOS, overloaded.retryAfter().toNanos());
            if (nanos >= left || exchange.isOver()) {
                return false;
            }
            again.accept(nanos);
            return true;
        }

        private void answer(String id, EmbedResult.Item item, Set<OutputType> types) {
            exchange.trail().answered(List.of(item));
            byte[] bytes =
                    EmbedStreamResponse.newBuilder()
                            .setItem(
                                    StreamItem.newBuilder()
                                            .setId(id)
                                            .setItem(Answers.item(item, types)))
                            .build()
                            .toByteArray();
            exchange.onLoop(() -> {
                running--;
                ready.add(bytes);
                flush();
            });
        }

        private void flush() {
            if (exchange.isOver()) {
                return;
            }
            while (!ready.isEmpty() && call.isReady()) {
                call.send(ready.remove());
                call.request(1);
            }
            if (running > 0 || !ready.isEmpty()) {
                return;
            }
            if (leaving && !halfClosed) {
                exchange.fail(new ProblemException(new Problem.Draining(Duration.ofSeconds(1))));
            } else if (halfClosed) {
                if (asked == null) {
                    exchange.fail(Messages.invalid("", "a stream must begin with its options"));
                } else {
                    exchange.complete();
                }
            }
        }
    }

    /** The one item of a result; a problem of the call is the problem of its one item. */
    private static EmbedResult.Item itemOf(
            @Nullable EmbedResult result, @Nullable Throwable thrown) {
        if (result != null) {
            return result.items().getFirst();
        }
        if (Exchange.cause(thrown) instanceof ProblemException known) {
            return new EmbedResult.Failed(null, known.problem());
        }
        throw new CompletionException(thrown);
    }
}
