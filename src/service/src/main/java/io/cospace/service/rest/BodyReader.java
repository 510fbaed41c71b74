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
     * @param timeoutMillis longest time between two pieces
     */
    void read(long timeoutMillis) {
        String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // Netty has refused what is no number; one of more than 19 digits is too large anyway.
        if (declared != null && (declared.length() > 18 || Long.parseLong(declared) > maxBytes)) {
            refuse(HttpProblem.of(new Problem.BodyTooLarge(maxBytes, "the body")));
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        Stall stall = new Stall(timeoutMillis);
        request.exceptionHandler(_ -> {
            stall.end();
            giveUp();
        });
        request.handler(piece -> {
            stall.progress();
            take(piece);
        });
        request.endHandler(_ -> {
            stall.end();
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

    private void refuse(HttpProblem problem) {
        giveUp();
        boolean http1 = request.version() != HttpVersion.HTTP_2;
        if (http1) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            vertx.setTimer(LINGER_MILLIS, _ -> request.connection().close());
        }
        request.handler(_ -> {});
        request.exceptionHandler(_ -> {});
        onProblem.accept(problem);
    }

    private void giveUp() {
        over = true;
        memory.release(body.length);
        body = new byte[0];
    }

    /** Refuses a body of which no piece has come for a while. */
    private final class Stall {

        private final long timeoutMillis;
        private long timer;

        Stall(long timeoutMillis) {
            this.timeoutMillis = timeoutMillis;
            this.timer = start();
        }

        private long start() {
            return vertx.setTimer(
                    timeoutMillis,
                    _ -> {
                        if (!over) {
                            refuse(
                                    HttpProblem.of(
                                            ProblemType.REQUEST_TIMEOUT,
                                            "nothing of the body came for %d ms"
                                                    .formatted(timeoutMillis)));
                        }
                    });
        }

        void progress() {
            end();
            timer = start();
        }

        void end() {
            vertx.cancelTimer(timer);
        }
    }
}
