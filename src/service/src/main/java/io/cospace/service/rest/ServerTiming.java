package io.cospace.service.rest;

import io.cospace.service.embedding.StageTimes;

/** The header that says how long a call spent in each stage (W3C Server Timing). */
final class ServerTiming {

    private ServerTiming() {}

    /** Milliseconds with three decimals; put together by hand, since each answer has one. */
    static String of(StageTimes times, long encodeNanos) {
        StringBuilder header = new StringBuilder(80);
        stage(header, "prepare", times.prepareNanos());
        stage(header.append(", "), "queue", times.queueNanos());
        stage(header.append(", "), "run", times.runNanos());
        stage(header.append(", "), "encode", encodeNanos);
        return header.toString();
    }

    private static void stage(StringBuilder to, String name, long nanos) {
        long micros = Math.max(0, nanos + 500) / 1_000;
        to.append(name).append(";dur=").append(micros / 1_000).append('.');
        to.append(Long.toString(1_000 + micros % 1_000), 1, 4);
    }
}
