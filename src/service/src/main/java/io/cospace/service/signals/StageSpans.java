package io.cospace.service.signals;

import io.cospace.service.signals.CallRecord.Stages;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The stages of a call as spans {@code prepare}, {@code queue}, {@code run} and {@code encode}
 * below the span that the server has opened for it. They are made when the call has ended, with the
 * times that were measured anyway.
 */
final class StageSpans implements Traces {

    private final Tracer tracer;

    StageSpans(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("io.cospace.service");
    }

    @Override
    public Place find(HttpServerRequest request) {
        Context server = Context.current();
        String traceId = Span.fromContext(server).getSpanContext().getTraceId();
        return new Place() {
            @Override
            public String traceId() {
                return traceId;
            }

            @Override
            public void end(CallRecord call) {
                Stages stages = call.work().stages();
                if (stages != null) {
                    new Timeline(server, call).draw(stages);
                }
            }
        };
    }

    /** The spans of one call. */
    private final class Timeline {

        private final Context server;
        private final CallRecord call;
        private long at;

        Timeline(Context server, CallRecord call) {
            this.server = server;
            this.call = call;
        }

        void draw(Stages stages) {
            at = stages.startNanos();
            span("prepare", stages.times().prepareNanos());
            span("queue", stages.times().queueNanos());
            span("run", stages.times().runNanos());
            at = stages.encodeStartNanos();
            span("encode", stages.encodeNanos());
        }

        private void span(String name, long nanos) {
            Span span =
                    tracer.spanBuilder(name)
                            .setParent(server)
                            .setStartTimestamp(call.time().plusNanos(at))
                            .setAttribute("cospace.items", call.work().items())
                            .setAttribute("cospace.tokens", call.work().tokens())
                            .setAttribute("cospace.model", String.valueOf(call.work().model()))
                            .startSpan();
            at += nanos;
            Instant end = call.time().plusNanos(at);
            span.end(
                    TimeUnit.SECONDS.toNanos(end.getEpochSecond()) + end.getNano(),
                    TimeUnit.NANOSECONDS);
        }
    }
}
