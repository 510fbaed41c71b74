package io.cospace.service.grpc;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the messages out of a stream: a byte that says whether the message is compressed, its length
 * as 4 bytes big-endian, and the message (gRPC over HTTP/2, "Length-Prefixed-Message"). Each byte
 * is copied a bounded number of times, and no more memory is taken than twice what has come. Not
 * thread-safe.
 */
final class FrameReader {

    private static final int HEAD_BYTES = 5;
    private static final int FIRST_BYTES = 4_096;

    private final int limitBytes;
    private final Queue<Frame> frames = new ArrayDeque<>();
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;
    private byte[] body = new byte[0];
    private int bodyBytes;
    private int length;

    /**
     * @param limitBytes largest message
     */
    FrameReader(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @throws ProblemException when they announce a message above the limit; nothing may follow
     */
    void add(Buffer chunk) {
        int at = 0;
        while (at < chunk.length()) {
            if (headBytes < HEAD_BYTES) {
                head[headBytes++] = chunk.getByte(at++);
                if (headBytes == HEAD_BYTES) {
                    begin();
                }
            } else {
                int count = Math.min(length - bodyBytes, chunk.length() - at);
                reserve(bodyBytes + count);
                chunk.getBytes(at, at + count, body, bodyBytes);
                bodyBytes += count;
                at += count;
            }
            if (headBytes == HEAD_BYTES && bodyBytes == length) {
                end();
            }
        }
    }

    /** The next whole message; null: more has to come. */
    @Nullable Frame poll() {
        return frames.poll();
    }

    /** Whether no whole message is left. */
    boolean isEmpty() {
        return frames.isEmpty();
    }

    /** Whether a message has begun that is not whole. */
    boolean isInside() {
        return headBytes > 0;
    }

    private void begin() {
        long announced =
                (head[1] & 0xFFL) << 24
                        | (head[2] & 0xFFL) << 16
                        | (head[3] & 0xFFL) << 8
                        | (head[4] & 0xFFL);
        if (announced > limitBytes) {
            throw new ProblemException(new Problem.BodyTooLarge(limitBytes, "the message"));
        }
        length = (int) announced;
        bodyBytes = 0;
        body = new byte[Math.min(length, FIRST_BYTES)];
    }

    private void reserve(int bytes) {
        if (bytes > body.length) {
            long twice = 2L * body.length;
            body = Arrays.copyOf(body, (int) Math.min(length, Math.max(bytes, twice)));
        }
    }

    private void end() {
        frames.add(new Frame(body, head[0] != 0));
        body = new byte[0];
        headBytes = 0;
        bodyBytes = 0;
    }
}
