package io.cospace.service.embedding;

import java.time.Duration;
import java.util.List;

/**
 * Every way in which a call, or one item of it, can fail, whatever the transport. A transport maps
 * the family to its own status codes with one exhaustive switch.
 */
public sealed interface Problem {

    /** Its public name, the same on every transport and in metrics; it never changes. */
    String name();

    /** A sentence for the caller that names the value, its limit and where it stands. */
    String detail();

    /**
     * One fault of a request.
     *
     * @param pointer JSON pointer (RFC 6901) of the faulty value; empty for the whole request
     * @param reason what is wrong with it
     */
    record Violation(String pointer, String reason) {}

    /** The request cannot be understood, or says something that is not allowed. */
    record InvalidRequest(List<Violation> violations) implements Problem {

        public InvalidRequest {
            violations = List.copyOf(violations);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("an invalid request has at least one violation");
            }
        }

        /** A request with one fault. */
        public static InvalidRequest at(String pointer, String reason) {
            return new InvalidRequest(List.of(new Violation(pointer, reason)));
        }

        @Override
        public String name() {
            return "invalid-request";
        }

        @Override
        public String detail() {
            Violation first = violations.getFirst();
            String where = first.pointer().isEmpty() ? "the request" : first.pointer();
            String more =
                    violations.size() == 1 ? "" : " (and %d more)".formatted(violations.size() - 1);
            return where + ": " + first.reason() + more;
        }
    }

    /** No served model has the name that the call asks for. */
    record ModelUnknown(String asked, List<String> served) implements Problem {
        @Override
        public String name() {
            return "model-unknown";
        }

        @Override
        public String detail() {
            return "model '%s' is not served here; served: %s"
                    .formatted(asked, String.join(", ", served));
        }
    }

    /** The caller's vectors are of another space than the model's. */
    record SpaceMismatch(String asked, String served) implements Problem {
        @Override
        public String name() {
            return "space-mismatch";
        }

        @Override
        public String detail() {
            return "vectors of space '%s' do not compare with space '%s' of the served model"
                    .formatted(asked, served);
        }
    }

    /** The model's vectors cannot be cut to that length. */
    record UnknownDimension(int asked, List<Integer> allowed) implements Problem {

        public UnknownDimension {
            allowed = List.copyOf(allowed);
        }

        @Override
        public String name() {
            return "unknown-dimension";
        }

        @Override
        public String detail() {
            return "dimensions is %d; this model gives %s".formatted(asked, allowed);
        }
    }

    /** The call shows no key that is known here. */
    record Unauthorized(String detail) implements Problem {
        @Override
        public String name() {
            return "unauthorized";
        }
    }

    /** The call's key has used up what it may ask for. */
    record RateLimited(String detail, Duration retryAfter) implements Problem {
        @Override
        public String name() {
            return "rate-limited";
        }
    }

    /** The body, or what it holds once decompressed, is larger than the limit. */
    record BodyTooLarge(long limitBytes, String what) implements Problem {
        @Override
        public String name() {
            return "body-too-large";
        }

        @Override
        public String detail() {
            return "%s is larger than %d bytes".formatted(what, limitBytes);
        }
    }

    /** The call holds more inputs than the limit. */
    record TooManyInputs(String list, int count, int limit) implements Problem {
        @Override
        public String name() {
            return "too-many-inputs";
        }

        @Override
        public String detail() {
            return "%s holds %d inputs; a call takes at most %d".formatted(list, count, limit);
        }
    }

    /** The body is of a kind that is not read here. */
    record UnsupportedMediaType(String detail) implements Problem {
        @Override
        public String name() {
            return "unsupported-media-type";
        }
    }

    /** An image has more bytes or pixels than the limits; found before any pixel was decoded. */
    record ImageTooLarge(String detail) implements Problem {
        @Override
        public String name() {
            return "image-too-large";
        }
    }

    /** The bytes of an image are broken, or of no image format at all. */
    record ImageUnreadable(String detail) implements Problem {
        @Override
        public String name() {
            return "image-unreadable";
        }
    }

    /** The bytes are of an image format, or a variant of one, that is not read. */
    record ImageUnsupported(String detail) implements Problem {
        @Override
        public String name() {
            return "image-unreadable";
        }
    }

    /** A text has more bytes than the limit, or more tokens than the model reads. */
    record TextTooLong(String detail) implements Problem {
        @Override
        public String name() {
            return "text-too-long";
        }
    }

    /** A text holds nothing that a model could read. */
    record TextEmpty(String detail) implements Problem {
        @Override
        public String name() {
            return "text-empty";
        }
    }

    /** The service may not fetch that URL. */
    record UrlRefused(String detail) implements Problem {
        @Override
        public String name() {
            return "url-refused";
        }
    }

    /** What a URL names was allowed and did not come. */
    record UrlFailed(String detail) implements Problem {
        @Override
        public String name() {
            return "url-failed";
        }
    }

    /** The model could not compute this item. */
    record InferenceFailed(String detail) implements Problem {
        @Override
        public String name() {
            return "inference-failed";
        }
    }

    /** More work waits than the limits or the call's deadline allow. */
    record Overloaded(String detail, Duration retryAfter) implements Problem {
        @Override
        public String name() {
            return "overloaded";
        }
    }

    /** The process finishes what it has and takes no more. */
    record Draining(Duration retryAfter) implements Problem {
        @Override
        public String name() {
            return "draining";
        }

        @Override
        public String detail() {
            return "this instance is shutting down; another one will answer";
        }
    }

    /** No model is served yet. */
    record NotReady(String detail, Duration retryAfter) implements Problem {
        @Override
        public String name() {
            return "not-ready";
        }
    }

    /** The time that the call had is over. */
    record DeadlineExceeded(Duration timeout) implements Problem {
        @Override
        public String name() {
            return "deadline-exceeded";
        }

        @Override
        public String detail() {
            return "no answer within %d ms".formatted(timeout.toMillis());
        }
    }
}
