package io.cospace.service.signals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.cospace.service.signals.CallRecord.Stages;
import io.cospace.service.signals.CallRecord.Work;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A call as one line of JSON. Fields that say nothing are left out; times are milliseconds. */
final class AccessLine {

    private static final JsonFactory JSON = new JsonFactory();

    /** A longer path is cut: whoever sends it must not fill the disk. */
    private static final int LONGEST_PATH = 256;

    private AccessLine() {}

    static void write(CallRecord call, ByteArrayOutputStream out) {
        line(
                out,
                json -> {
                    json.writeStringField(
                            "time", call.time().truncatedTo(ChronoUnit.MILLIS).toString());
                    json.writeStringField("protocol", call.protocol());
                    json.writeStringField("method", call.method());
                    String path = call.path();
                    json.writeStringField(
                            "path", path.substring(0, Math.min(LONGEST_PATH, path.length())));
                    json.writeNumberField("status", call.status());
                    text(json, "problem", call.problem());
                    work(json, call.work());
                    json.writeNumberField("bytes_in", call.bytesIn());
                    json.writeNumberField("bytes_out", call.bytesOut());
                    millis(json, "duration_ms", call.durationNanos());
                    stages(json, call.work().stages());
                    text(json, "trace_id", call.traceId());
                    json.writeStringField("remote", call.remote());
                });
    }

    /** Says how many lines are missing before this one. */
    static void writeLost(long lines, ByteArrayOutputStream out) {
        line(out, json -> json.writeNumberField("lost_lines", lines));
    }

    private static void work(JsonGenerator json, Work work) throws IOException {
        text(json, "key", work.caller());
        text(json, "model", work.model());
        if (work.items() > 0) {
            json.writeNumberField("items", work.items());
            json.writeNumberField("failed_items", work.failed());
            json.writeNumberField("tokens", work.tokens());
        }
    }

    private static void stages(JsonGenerator json, @Nullable Stages stages) throws IOException {
        if (stages != null) {
            millis(json, "prepare_ms", stages.times().prepareNanos());
            millis(json, "queue_ms", stages.times().queueNanos());
            millis(json, "run_ms", stages.times().runNanos());
            millis(json, "encode_ms", stages.encodeNanos());
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /** To the microsecond. */
    private static void millis(JsonGenerator json, String name, long nanos) throws IOException {
        json.writeNumberField(name, Math.round(nanos / 1e3) / 1e3);
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static void line(ByteArrayOutputStream out, Body body) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("This is a bug: memory is always written", e);
        }
    }
}
