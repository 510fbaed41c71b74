package io.cospace.service.outflow;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * What is written of one answer, and whether its client takes it. An answer is written in pieces;
 * one that has left for the socket (HTTP/2: for which the client has opened its window) was taken.
 * A client that takes no piece for a while, although there is one for it, is cut off. A slow one is
 * not: its while begins again with each piece. Used on the event loop of the request.
 */
public final class Outflow {

    /** So little that a client of two kilobytes a second takes one in half a minute. */
    public static final int PIECE_BYTES = 32 << 10;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final long stallNanos;
    private final Runnable onStall;
    private final List<Runnable> onTaken = new ArrayList<>();

    /** Pieces that were written and not taken. */
    private int pending;

    /** When the last was taken, or the first written or held back. */
    private long progressNanos;

    /** Whether there is more, and no room for it. */
    private boolean blocked;

    private boolean watching;
    private boolean broken;
    private boolean cutOff;

    /**
     * @param stallMillis the while
     * @param onStall run before the client is cut off
     */
    public Outflow(HttpServerRequest request, Vertx vertx, long stallMillis, Runnable onStall) {
        this.request = request;
        this.response = request.response();
        this.vertx = vertx;
        this.stallNanos = stallMillis * 1_000_000;
        this.onStall = onStall;
    }

    /** Writes a part of the answer, as one piece. */
    public void write(Buffer part) {
        follow(response.write(part));
    }

    /** Writes a part of the answer of any length, in pieces. */
    public void writeInPieces(Buffer part) {
        for (int from = 0; from < part.length(); from += PIECE_BYTES) {
            int to = Math.min(part.length(), from + PIECE_BYTES);
            write(part.slice(from, to));
        }
    }

    /** Writes an answer whose head says how long it is, and ends it when that is taken. */
    public void end(Buffer whole) {
        if (whole.length() <= PIECE_BYTES || request.method().equals(HttpMethod.HEAD)) {
            follow(response.end(whole));
            return;
        }
        response.putHeader("Content-Length", Integer.toString(whole.length()));
        writeInPieces(whole);
        end();
    }

    /** Ends the answer when it is taken, so that until then it is seen to be under way. */
    public void end() {
        whenTaken(() -> {
            if (!broken && !response.closed() && !response.ended()) {
                follow(response.end());
            }
        });
    }

    /** Runs an action when all that was written is taken, or never will be; now if it is. */
    public void whenTaken(Runnable action) {
        if (pending == 0) {
            action.run();
        } else {
            onTaken.add(action);
        }
    }

    /** Whether more would be kept here until the client reads; said where there is more. */
    public boolean isFull() {
        boolean full = response.writeQueueFull();
        if (full && !isWaiting()) {
            progressNanos = System.nanoTime();
        }
        blocked = full;
        watch();
        return full;
    }

    private void follow(Future<Void> written) {
        if (!isWaiting()) {
            progressNanos = System.nanoTime();
        }
        pending++;
        written.onComplete(result -> {
            broken |= result.failed();
            taken();
        });
        watch();
    }

    private void taken() {
        pending--;
        progressNanos = System.nanoTime();
        if (pending == 0) {
            List<Runnable> actions = List.copyOf(onTaken);
            onTaken.clear();
            actions.forEach(Runnable::run);
        }
    }

    private boolean isWaiting() {
        return pending > 0 || (blocked && !response.ended() && !response.closed());
    }

    private void watch() {
        if (!watching && isWaiting()) {
            watching = true;
            look(stallNanos);
        }
    }

    private void look(long nanos) {
        long _ = vertx.setTimer(Math.max(1, nanos / 1_000_000), _ -> look());
    }

    private void look() {
        long left = progressNanos + stallNanos - System.nanoTime();
        if (cutOff || !isWaiting()) {
            watching = false;
        } else if (left > 0) {
            look(left);
        } else {
            cutOff = true;
            onStall.run();
            Cut.off(vertx, request);
        }
    }
}
