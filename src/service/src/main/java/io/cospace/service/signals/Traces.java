package io.cospace.service.signals;

import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which trace a call belongs to. Used on the event loop of the call. */
interface Traces {

    /** One call's place in its trace. */
    interface Place {

        @Nullable String traceId();

        /** Adds what is known of the call to its trace. */
        void end(CallRecord call);
    }

    Place find(HttpServerRequest request);

    /** Writes no traces; knows of one only what the caller says. */
    final class Foreign implements Traces {

        /** W3C Trace Context, version 00. */
        private static final Pattern TRACE_PARENT =
                Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

        private static final String NO_TRACE = "0".repeat(32);

        private record Named(@Nullable String traceId) implements Place {
            @Override
            public void end(CallRecord call) {
                // The caller's trace is the caller's.
            }
        }

        @Override
        public Place find(HttpServerRequest request) {
            String header = request.getHeader("traceparent");
            if (header == null) {
                return new Named(null);
            }
            Matcher parts = TRACE_PARENT.matcher(header);
            boolean valid = parts.matches() && !parts.group(1).equals(NO_TRACE);
            return new Named(valid ? parts.group(1) : null);
        }
    }
}
