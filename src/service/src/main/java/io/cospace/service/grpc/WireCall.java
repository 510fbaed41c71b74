package io.cospace.service.grpc;

import com.google.rpc.Status;
import io.cospace.service.outflow.Outflow;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call as an HTTP/2 request: messages in on demand, messages out, a status at the end
 * (gRPC over HTTP/2). Used on the event loop of the request only.
 */
final class WireCall {

    private static final int GRPC_OK = 0;

    /** What happens on a call. */
    interface Listener {

        /** A message has come; one for each that was requested. */
        void onMessage(Frame message);

        /** The client has sent its last message. */
        void onHalfClose();

        /** More can be sent, after {@link #isReady} was false. */
        void onReady();

        /** The client has gone. */
        void onCancel();

        /** The client does not read what was sent, and is cut off. */
        void onStall();

        /** The stream breaks the protocol or a limit; nothing is read any more. */
        void onFault(RuntimeException fault);
    }

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final FrameReader reader;
    private final Outflow out;
    private @Nullable Listener listener;
    private long demand;
    private boolean ended;
    private boolean halfClosed;
    private boolean closed;

    /**
     * @param limitBytes of a message
     * @param pauseMillis longest time in which the client takes nothing of what was sent
     */
    WireCall(HttpServerRequest request, Vertx vertx, int limitBytes, long pauseMillis) {
        this.request = request;
        this.response = request.response();
        this.reader = new FrameReader(limitBytes);
        this.out = new Outflow(request, vertx, pauseMillis, this::stalled);
        request.pause();
    }

    /** Begins to listen. */
    void start(Listener events) {
        listener = events;
        request.exceptionHandler(_ -> cancelled());
        response.closeHandler(_ -> cancelled());
        response.exceptionHandler(_ -> cancelled());
        response.drainHandler(_ -> events.onReady());
        request.handler(this::chunk);
        request.endHandler(_ -> {
            ended = true;
            deliver();
        });
    }

    /** A field of the head; null: it is not there. */
    @Nullable String header(String name) {
        return request.getHeader(name);
    }

    /** Asks for so many more messages. */
    void request(int count) {
        demand += count;
        deliver();
    }

    /** Whether a message can be sent without being kept here until the client reads. */
    boolean isReady() {
        return !out.isFull();
    }

    /** Sends a message. */
    void send(byte[] message) {
        if (!closed && !response.closed()) {
            if (!response.headWritten()) {
                head();
            }
            Buffer frame = Buffer.buffer(message.length + 5);
            frame.appendByte((byte) 0).appendInt(message.length).appendBytes(message);
            out.writeInPieces(frame);
        }
    }

    /** Ends the call well. */
    void complete() {
        end(GRPC_OK, "", null);
    }

    /** Ends the call with a failure. */
    void fail(Status status) {
        byte[] details = status.getDetailsCount() == 0 ? null : status.toByteArray();
        end(status.getCode(), status.getMessage(), details);
    }

    private void end(int code, String message, byte @Nullable [] details) {
        if (closed || response.closed() || response.ended()) {
            return;
        }
        closed = true;
        boolean onlyHead = !response.headWritten();
        if (onlyHead) {
            head();
        }
        var trailers = onlyHead ? response.headers() : response.trailers();
        trailers.set("grpc-status", Integer.toString(code));
        if (!message.isEmpty()) {
            trailers.set("grpc-message", percentEncode(message));
        }
        if (details != null) {
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(details);
            trailers.set("grpc-status-details-bin", base64);
        }
        out.end();
        if (!ended) {
            request.resume(); // what still comes is thrown away
        }
    }

    private void head() {
        response.putHeader("content-type", "application/grpc")
                .putHeader("grpc-accept-encoding", "identity,gzip");
    }

    private void chunk(Buffer chunk) {
        if (closed) {
            return;
        }
        try {
            reader.add(chunk);
        } catch (RuntimeException e) {
            fault(e);
            return;
        }
        deliver();
    }

    /** Hands over what was asked for, and lets the stream flow while more is. */
    private void deliver() {
        Listener events = listener;
        while (events != null && demand > 0 && !closed) {
            Frame frame = reader.poll();
            if (frame == null) {
                break;
            }
            demand--;
            events.onMessage(frame);
        }
        if (events == null || closed) {
            return;
        }
        if (ended) {
            halfClose(events);
        } else if (demand > 0) {
            request.resume();
        } else {
            request.pause();
        }
    }

    private void halfClose(Listener events) {
        if (reader.isInside()) {
            fault(Messages.invalid("", "ends inside a message"));
        } else if (!halfClosed && reader.isEmpty()) {
            halfClosed = true;
            events.onHalfClose();
        }
    }

    private void fault(RuntimeException fault) {
        if (listener != null) {
            listener.onFault(fault);
        }
    }

    private void stalled() {
        closed = true;
        if (listener != null) {
            listener.onStall();
        }
    }

    private void cancelled() {
        if (!closed && listener != null) {
            closed = true;
            listener.onCancel();
        }
    }

    /** Value of {@code grpc-message}: UTF-8, with all but printable ASCII, and %, as %XX. */
    static String percentEncode(String message) {
        StringBuilder out = new StringBuilder(message.length());
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append("%02X".formatted(b & 0xFF));
            }
        }
        return out.toString();
    }
}
