package io.cospace.service.grpc;

/**
 * What the gRPC side needs to know beyond the limits of a call.
 *
 * @param answerPauseMillis longest pause in reading the one answer of a call
 * @param streamPauseMillis longest pause in reading the answers of a stream
 */
public record GrpcSettings(long answerPauseMillis, long streamPauseMillis) {

    /** As the configuration has it where it says nothing. */
    static final GrpcSettings DEFAULTS = new GrpcSettings(30_000, 60_000);
}
