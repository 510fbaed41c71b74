package io.cospace.service.rest;

import static java.util.Objects.requireNonNull;

import io.cospace.service.outflow.Outflow;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An answer of lines, each written when it is ready and the client reads. No more than {@value
 * #WINDOW} inputs are between having been taken and having been answered on the wire, nor more
 * bytes of them than a body may have; so a client that does not read is not read either. Used on
 * the event loop of its call, but for {@link #answer}.
 */
final class LineAnswers {

    /** Inputs of one call that are taken and not yet answered. */
    static final int WINDOW = 256;

    /**
     * A line that is ready.
     *
     * @param inputBytes what its input held
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Ready(byte[] line, int inputBytes) {}

    private final Exchange exchange;
    private final HttpServerResponse response;
    private final BodyMemory memory;
    private final long maxBytes;
    private final long stallMillis;
    private final Runnable onRoom;
    private final Queue<Ready> ready = new ConcurrentLinkedQueue<>();
    private final AtomicLong readyBytes = new AtomicLong();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private int running;
    private long inputBytes;
    private boolean ending;
    private byte @Nullable [] lastLine;
    private @Nullable Outflow out;

    /**
     * @param maxBytes of inputs, and again of lines, that are held
     * @param stallMillis longest time in which the client reads nothing
     * @param onRoom called when more inputs may be taken
     */
    LineAnswers(
            Exchange exchange,
            BodyMemory memory,
            long maxBytes,
            long stallMillis,
            Runnable onRoom) {
        this.exchange = exchange;
        this.response = exchange.http().response();
        this.memory = memory;
        this.maxBytes = maxBytes;
        this.stallMillis = stallMillis;
        this.onRoom = onRoom;
    }

    /**
     * Writes the head.
     *
     * @param onEnd run when the answer has ended, in whatever way
     * @return false: the call is over already
     */
    boolean begin(Map<String, String> headers, Runnable onEnd) {
        out =
                exchange.open(
                        MediaTypes.NDJSON,
                        headers,
                        stallMillis,
                        () -> {
                            memory.release(inputBytes);
                            inputBytes = 0;
                            onEnd.run();
                        });
        if (out != null) {
            response.setWriteQueueMaxSize(2 * Outflow.PIECE_BYTES);
            response.drainHandler(_ -> flush());
            Future<Void> _ = response.writeHead();
        }
        return out != null;
    }

    /** Whether one more input may be taken. */
    boolean hasRoom() {
        return running < WINDOW
                && inputBytes < maxBytes
                && readyBytes.get() < maxBytes
                && !memory.isFull()
                && !ending;
    }

    boolean isIdle() {
        return running == 0;
    }

    /** An input was taken. */
    void taken(int bytes) {
        running++;
        inputBytes += bytes;
        memory.add(bytes);
    }

    /** Answers an input that was taken; by any thread. */
    void answer(byte[] line, int bytes) {
        readyBytes.addAndGet(line.length);
        ready.add(new Ready(line, bytes));
        if (flushing.compareAndSet(false, true)) {
            exchange.onLoop(this::flush);
        }
    }

    /** No more inputs will be taken. */
    void end() {
        ending = true;
        flush();
    }

    /** As {@link #end}; the last line will say why. */
    void end(HttpProblem problem) {
        if (!ending) {
            exchange.rejected(problem);
            lastLine = Answers.line(problem);
            end();
        }
    }

    /** Ends at once: what was taken is not answered any more. */
    void abort(HttpProblem problem) {
        Outflow body = out;
        if (exchange.isOpen() && body != null) {
            exchange.rejected(problem);
            body.write(Buffer.buffer(Answers.line(problem)));
            exchange.close();
        }
    }

    private void flush() {
        flushing.set(false);
        if (!exchange.isOpen()) {
            return;
        }
        Outflow body = requireNonNull(out, "This is a bug: lines before the head");
        while (!ready.isEmpty() && !body.isFull()) {
            write(body);
            // Written piece by piece, so that the queue's fullness is seen.
        }
        if (ending && running == 0) {
            if (lastLine != null) {
                body.write(Buffer.buffer(lastLine));
            }
            exchange.close();
            return;
        }
        onRoom.run();
    }

    /** Writes some of the lines that are ready. */
    private void write(Outflow body) {
        Buffer piece = Buffer.buffer();
        Ready next;
        while (piece.length() < Outflow.PIECE_BYTES && (next = ready.poll()) != null) {
            piece.appendBytes(next.line());
            running--;
            inputBytes -= next.inputBytes();
            memory.release(next.inputBytes());
            readyBytes.addAndGet(-next.line().length);
        }
        body.write(piece);
    }
}
