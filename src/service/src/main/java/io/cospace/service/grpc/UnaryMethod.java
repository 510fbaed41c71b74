package io.cospace.service.grpc;

import com.google.protobuf.Parser;
import io.cospace.service.admission.RefusalException;
import io.cospace.service.batching.Priority;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A method with one message in and one out. */
final class UnaryMethod<I> implements Method {

    private final CallDoor door;
    private final Parser<I> parser;
    private final Action<I> action;

    /** What is done with a message, on the workers. */
    @FunctionalInterface
    interface Action<I> {

        /**
         * May charge the permit for what the message asks.
         *
         * @return the message that is the answer
         */
        CompletableFuture<byte[]> answer(I message, CallDoor.Arrival arrival, CallContext call);
    }

    /**
     * @param parser of the message that comes in
     */
    UnaryMethod(CallDoor door, Parser<I> parser, Action<I> action) {
        this.door = door;
        this.parser = parser;
        this.action = action;
    }

    @Override
    public boolean hasDefaultTimeout() {
        return true;
    }

    @Override
    public Priority defaultPriority() {
        return Priority.INTERACTIVE;
    }

    @Override
    public void start(CallDoor.Arrival arrival) {
        WireCall call = arrival.exchange().call();
        call.start(new Reading(arrival));
        call.request(2); // by the second, which must not come, the end is seen
    }

    /** Reads the one message. */
    private final class Reading implements WireCall.Listener {

        private final CallDoor.Arrival arrival;
        private final Exchange exchange;
        private @Nullable Frame message;

        Reading(CallDoor.Arrival arrival) {
            this.arrival = arrival;
            this.exchange = arrival.exchange();
        }

        @Override
        public void onMessage(Frame frame) {
            if (message != null) {
                exchange.fail(Messages.invalid("", "holds a second message"));
            }
            message = frame;
        }

        @Override
        public void onHalfClose() {
            Frame frame = message;
            message = null;
            if (frame == null) {
                exchange.fail(Messages.invalid("", "holds no message"));
                return;
            }
            try {
                arrival.permit().arrived();
                door.workers().texts().execute(() -> run(frame));
            } catch (RefusalException e) {
                exchange.fail(e);
            } catch (RejectedExecutionException _) {
                exchange.fail(new ProblemException(new Problem.Draining(Duration.ofSeconds(1))));
            }
        }

        @Override
        public void onReady() {
            // The one answer is sent whether or not the client reads.
        }

        @Override
        public void onCancel() {
            exchange.gone();
        }

        @Override
        public void onStall() {
            exchange.stalled();
        }

        @Override
        public void onFault(RuntimeException fault) {
            exchange.fail(fault);
        }

        private void run(Frame frame) {
            try {
                I request = door.parse(parser, frame);
                CallContext context = arrival.context();
                exchange.onEnd(context::cancel);
                CompletableFuture<?> _ =
                        action.answer(request, arrival, context).whenComplete(this::end);
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                exchange.fail(e);
            }
        }

        private void end(byte @Nullable [] answer, @Nullable Throwable thrown) {
            if (answer != null) {
                exchange.answer(answer);
            } else if (thrown != null) {
                exchange.fail(thrown);
            }
        }
    }
}
