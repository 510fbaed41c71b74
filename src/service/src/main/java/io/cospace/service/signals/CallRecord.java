package io.cospace.service.signals;

import io.cospace.service.embedding.StageTimes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended. It holds nothing of what was sent or answered, and of the key only its
 * name.
 *
 * @param time when its head had come
 * @param protocol {@code http/1.1}, {@code h2} or {@code grpc}
 * @param path without the query
 * @param remote address of the client, without its port
 * @param traceId of the trace it belongs to; null: none
 * @param status of HTTP, or the code number of gRPC; of a call that its client left, {@value
 *     #HTTP_GONE} or {@value #GRPC_CANCELLED}
 * @param problem name of the problem that it was answered with; null: none
 * @param bytesIn of the body as it came
 * @param bytesOut of the body as it went
 * @param durationNanos from the head of the call to the end of its answer
 */
record CallRecord(
        Instant time,
        String protocol,
        String method,
        String path,
        String remote,
        @Nullable String traceId,
        int status,
        @Nullable String problem,
        long bytesIn,
        long bytesOut,
        long durationNanos,
        Work work) {

    /** What other servers log for a client that has closed its connection. */
    static final int HTTP_GONE = 499;

    static final int GRPC_CANCELLED = 1;

    /**
     * What was asked and done.
     *
     * @param caller name of the key; null: the call never showed one
     * @param model {@code name/version} of the model that answered; null: none did
     * @param items inputs that were asked for
     * @param failed inputs that were answered with a problem of their own
     * @param tokens that the model read
     * @param stages null where nothing ran, and of streams, whose items have stages of their own
     */
    record Work(
            @Nullable String caller,
            @Nullable String model,
            long items,
            long failed,
            long tokens,
            @Nullable Stages stages) {}

    /**
     * When each stage was.
     *
     * @param startNanos start of the first, after the start of the call
     * @param times of preparation, queue and run, one after the other
     * @param encodeStartNanos start of writing the answer, after the start of the call
     * @param encodeNanos time of writing the answer
     */
    record Stages(long startNanos, StageTimes times, long encodeStartNanos, long encodeNanos) {}
}
