package io.cospace.service.rest;

import io.cospace.service.embedding.Place;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.Problem.Violation;
import io.cospace.service.embedding.ProblemException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem as HTTP says it: {@code application/problem+json} of RFC 9457, with the extension
 * members {@code index} (position of the item that fails the call) and {@code errors}.
 *
 * @param detail what is the matter with this very call
 * @param index position of the guilty item in its list; null when it is no single item's
 * @param errors what is wrong where
 * @param retryAfter when to try again; null: not said
 */
record HttpProblem(
        ProblemType type,
        String detail,
        @Nullable Integer index,
        List<Violation> errors,
        @Nullable Duration retryAfter) {

    /** What the router finds wrong, before any path sees the call. */
    static final HttpProblem MALFORMED =
            of(ProblemType.INVALID_REQUEST, "the request line, its query or a header is malformed");

    /** A problem that only HTTP knows. */
    static HttpProblem of(ProblemType type, String detail) {
        return new HttpProblem(type, detail, null, List.of(), null);
    }

    /** The problem of one item, inside an answer. */
    static HttpProblem of(Problem problem) {
        return new HttpProblem(
                type(problem), problem.detail(), null, errors(problem), retryAfter(problem));
    }

    /** The problem of a whole call. */
    static HttpProblem of(ProblemException thrown) {
        Problem problem = thrown.problem();
        Place place = thrown.place();
        if (place == null) {
            return of(problem);
        }
        List<Violation> errors =
                problem instanceof Problem.InvalidRequest
                        ? errors(problem)
                        : List.of(new Violation(place.pointer(), problem.detail()));
        return new HttpProblem(
                type(problem),
                "%s[%d]: %s".formatted(place.list(), place.index(), problem.detail()),
                place.index(),
                errors,
                retryAfter(problem));
    }

    /** The one place that decides which problem has which type, and so which status. */
    static ProblemType type(Problem problem) {
        return switch (problem) {
            case Problem.InvalidRequest _ -> ProblemType.INVALID_REQUEST;
            case Problem.Unauthorized _ -> ProblemType.UNAUTHORIZED;
            case Problem.RateLimited _ -> ProblemType.RATE_LIMITED;
            case Problem.ModelUnknown _ -> ProblemType.MODEL_UNKNOWN;
            case Problem.SpaceMismatch _ -> ProblemType.SPACE_MISMATCH;
            case Problem.UnknownDimension _ -> ProblemType.UNKNOWN_DIMENSION;
            case Problem.BodyTooLarge _ -> ProblemType.BODY_TOO_LARGE;
            case Problem.TooManyInputs _ -> ProblemType.TOO_MANY_INPUTS;
            case Problem.UnsupportedMediaType _ -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case Problem.ImageTooLarge _ -> ProblemType.IMAGE_TOO_LARGE;
            case Problem.ImageUnreadable _, Problem.ImageUnsupported _ ->
                    ProblemType.IMAGE_UNREADABLE;
            case Problem.TextTooLong _ -> ProblemType.TEXT_TOO_LONG;
            case Problem.TextEmpty _ -> ProblemType.TEXT_EMPTY;
            case Problem.UrlRefused _ -> ProblemType.URL_REFUSED;
            case Problem.UrlFailed _ -> ProblemType.URL_FAILED;
            case Problem.InferenceFailed _ -> ProblemType.INFERENCE_FAILED;
            case Problem.Overloaded _ -> ProblemType.OVERLOADED;
            case Problem.Draining _ -> ProblemType.DRAINING;
            case Problem.NotReady _ -> ProblemType.NOT_READY;
            case Problem.DeadlineExceeded _ -> ProblemType.DEADLINE_EXCEEDED;
        };
    }

    private static List<Violation> errors(Problem problem) {
        return problem instanceof Problem.InvalidRequest(List<Violation> violations)
                ? violations
                : List.of();
    }

    private static @Nullable Duration retryAfter(Problem problem) {
        return switch (problem) {
            case Problem.Overloaded(_, Duration after) -> after;
            case Problem.RateLimited(_, Duration after) -> after;
            case Problem.NotReady(_, Duration after) -> after;
            case Problem.Draining(Duration after) -> after;
            default -> null;
        };
    }

    /** Value of the header {@code Retry-After}: whole seconds, rounded up, 1 or more. */
    @Nullable String retryAfterSeconds() {
        return retryAfter == null
                ? null
                : Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
    }

    /** Writes the problem as one JSON object. */
    void write(JsonWriter out) {
        out.object().name("type").value(type.uri()).name("title").value(type.title());
        out.name("status").value(type.status()).name("detail").value(detail);
        if (index != null) {
            out.name("index").value(index.longValue());
        }
        if (!errors.isEmpty()) {
            out.name("errors").array();
            for (Violation error : errors) {
                out.object().name("pointer").value(error.pointer());
                out.name("reason").value(error.reason()).endObject();
            }
            out.endArray();
        }
        out.endObject();
    }
}
