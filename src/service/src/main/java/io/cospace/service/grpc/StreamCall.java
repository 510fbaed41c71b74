package io.cospace.service.grpc;

import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.ItemStream;
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
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link EmbedStream}. Everything but {@link #run} and what it calls happens on the
 * event loop of the call.
 */
final class StreamCall implements WireCall.Listener {

    /** Longest id of an input, in characters. */
    private static final int LONGEST_ID = 256;

    /** What the first message said. */
    private record Asked(Options options, Set<OutputType> types) {}

    private final CallDoor door;
    private final Models models;
    private final Exchange exchange;
    private final WireCall call;
    private final ItemStream items;
    private final Queue<byte[]> ready = new ArrayDeque<>();

    private @Nullable Asked asked;
    private int running;
    private boolean halfClosed;

    /** The process is about to end: what was read is answered, and nothing more is read. */
    private boolean leaving;

    /**
     * @param items ended with the call
     */
    StreamCall(CallDoor door, Models models, CallDoor.Arrival arrival, ItemStream items) {
        this.door = door;
        this.models = models;
        this.exchange = arrival.exchange();
        this.call = exchange.call();
        this.items = items;
        exchange.onEnd(items::close);
        arrival.permit().onDrain(() -> exchange.onLoop(this::leave));
    }

    private void leave() {
        leaving = true;
        flush();
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
            exchange.fail(draining());
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void begin(EmbedStreamRequest first) {
        if (first.getMessageCase() != EmbedStreamRequest.MessageCase.OPTIONS) {
            throw Messages.invalid("", "the first message of a stream must hold options");
        }
        Options all = Messages.options(first.getOptions());
        Lease lease = models.lease(all.model(), all.space());
        items.use(lease);
        Model model = lease.model();
        exchange.trail().model(model.id());
        StreamHeader header =
                StreamHeader.newBuilder()
                        .setModel(model.id())
                        .setSpace(model.space())
                        .setDimensions(model.dimensions(all.dimensions()))
                        .build();
        asked = new Asked(all, Messages.types(first.getOptions()));
        call.send(EmbedStreamResponse.newBuilder().setHeader(header).build().toByteArray());
        call.request(EmbedStream.WINDOW);
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
    public void onStall() {
        exchange.stalled();
    }

    @Override
    public void onFault(RuntimeException fault) {
        exchange.fail(fault);
    }

    /** Reads and embeds one input, on the workers. */
    private void run(Frame frame, Asked all) {
        try {
            EmbedStreamRequest message = door.parse(EmbedStreamRequest.parser(), frame);
            if (message.getMessageCase() != EmbedStreamRequest.MessageCase.INPUT) {
                throw Messages.invalid("", "every message but the first must hold an input");
            }
            StreamInput input = message.getInput();
            int idLength = input.getId().length();
            if (idLength > LONGEST_ID) {
                throw Messages.invalid(
                        "/input/id",
                        "has %d characters; must have at most %d".formatted(idLength, LONGEST_ID));
            }
            exchange.trail().asked(1);
            Input one = Messages.input(input.getInput(), "/input/input", false);
            var request = new EmbedRequest(List.of(one), all.options(), all.types(), OnError.ITEM);
            items.embed(
                    request,
                    new ItemStream.Answer() {
                        @Override
                        public void item(EmbedResult.Item item) {
                            answer(input.getId(), item, all.types());
                        }

                        @Override
                        public void fault(Throwable thrown) {
                            exchange.fail(thrown);
                        }
                    });
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            exchange.fail(e);
        }
    }

    private void answer(String id, EmbedResult.Item item, Set<OutputType> types) {
        exchange.trail().answered(List.of(item));
        StreamItem answer =
                StreamItem.newBuilder().setId(id).setItem(Answers.item(item, types)).build();
        byte[] bytes = EmbedStreamResponse.newBuilder().setItem(answer).build().toByteArray();
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
            exchange.fail(draining());
        } else if (halfClosed && asked == null) {
            exchange.fail(Messages.invalid("", "a stream must begin with its options"));
        } else if (halfClosed) {
            exchange.complete();
        }
    }

    private static ProblemException draining() {
        return new ProblemException(new Problem.Draining(Duration.ofSeconds(1)));
    }
}
