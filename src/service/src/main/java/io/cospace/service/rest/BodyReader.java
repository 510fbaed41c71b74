package io.cospace.service.rest;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads the body of one request into memory, on its event loop. Memory grows with what has arrived,
 * never with what a header promises.
 */
final class BodyReader {

    private static final int FIRST_BYTES = 4096;

    /** How long what still comes is thrown away, so that the client gets to read its answer. */
    private static final long LINGER_MILLIS = 2_000;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final int maxBytes;
    private final BodyMemory memory;
    private final Consumer<byte[]> onBody;
    private final Consumer<HttpProblem> onProblem;
    private byte[] body = new byte[0];
    private int length;
    private boolean over;

    BodyReader(
            Vertx vertx,
            HttpServerRequest request,
            int maxBytes,
            BodyMemory memory,
            Consumer<byte[]> onBody,
            Consumer<HttpProblem> onProblem) {
        this.vertx = vertx;
        this.request = request;
        this.maxBytes = maxBytes;
        this.memory = memory;
        this.onBody = onBody;
        this.onProblem = onProblem;
    }

    /**
     * Begins to read. One of the consumers is called, unless the client goes first.
     *
     * @param stallMillis longest time between two pieces, and see {@link Pace}
     */
    void read(long stallMillis) {
        String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // Netty has refused what is no number; one of more than 19 digits is too large anyway.
        if (declared != null && (declared.length() > 18 || Long.parseLong(declared) > maxBytes)) {
            refuse(HttpProblem.of(new Problem.BodyTooLarge(maxBytes, "the body")));
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        Pace pace = new Pace(vertx, stallMillis, () -> late(stallMillis));
        pace.start();
        request.exceptionHandler(_ -> {
            pace.stop();
            giveUp();
        });
        request.handler(piece -> {
            pace.progress(piece.length());
            take(piece);
        });
        request.endHandler(_ -> {
            pace.stop();
            if (!over) {
                over = true;
                onBody.accept(body.length == length ? body : Arrays.copyOf(body, length));
            }
        });
    }

    /** Bytes of memory that were taken and are not given back. */
    long heldBytes() {
        return body.length;
    }

    private void take(Buffer piece) {
        if (over) {
            return;
        }
        int needed = length + piece.length();
        if (needed > maxBytes) {
            refuse(HttpProblem.of(new Problem.BodyTooLarge(maxBytes, "the body")));
            return;
        }
        if (needed > body.length) {
            int grown =
                    (int) Math.min(maxBytes, Math.max(FIRST_BYTES, Math.max(needed, 2L * length)));
            try {
                memory.take(grown - body.length);
            } catch (ProblemException e) {
                refuse(HttpProblem.of(e));
                return;
            }
            body = Arrays.copyOf(body, grown);
        }
        piece.getBytes(body, length);
        length = needed;
    }

    private void late(long stallMillis) {
        if (!over) {
            refuse(
                    HttpProblem.of(
                            ProblemType.REQUEST_TIMEOUT,
                            "the body came too slowly: nothing for %d ms, or less than %d bytes a second"
                                    .formatted(stallMillis, Pace.LEAST_BYTES_A_SECOND)));
        }
    }

    private void refuse(HttpProblem problem) {
        giveUp();
        throwAway(vertx, request, true);
        onProblem.accept(problem);
    }

    /**
     * Throws away what still comes of a body, for a while; then an HTTP/1 connection is closed.
     *
     * @param isAnnounced whether the head of the answer is still to come, and shall say so
     */
    static void throwAway(Vertx vertx, HttpServerRequest request, boolean isAnnounced) {
        if (request.version() != HttpVersion.HTTP_2) {
            if (isAnnounced && !request.response().closed()) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
            vertx.setTimer(LINGER_MILLIS, _ -> request.connection().close());
        }
        request.handler(_ -> {});
        request.exceptionHandler(_ -> {});
        request.resume();
    }

    private void giveUp() {
        over = true;
        memory.release(body.length);
        body = new byte[0];
    }
}
