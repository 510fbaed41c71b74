package io.cospace.service.grpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.cospace.service.embedding.Place;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.Problem.Violation;
import io.cospace.service.embedding.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Problems as gRPC says them: a code, a message, and details of {@code google.rpc}. */
final class GrpcProblems {

    private static final String DOMAIN = "cospace";

    private GrpcProblems() {}

    /** The one place that decides which problem has which code. */
    static Code code(Problem problem) {
        return switch (problem) {
            case Problem.InvalidRequest _,
                    Problem.SpaceMismatch _,
                    Problem.UnknownDimension _,
                    Problem.BodyTooLarge _,
                    Problem.TooManyInputs _,
                    Problem.UnsupportedMediaType _,
                    Problem.ImageTooLarge _,
                    Problem.ImageUnreadable _,
                    Problem.ImageUnsupported _,
                    Problem.TextTooLong _,
                    Problem.TextEmpty _,
                    Problem.UrlRefused _,
                    Problem.UrlFailed _ ->
                    Code.INVALID_ARGUMENT;
            case Problem.ModelUnknown _ -> Code.NOT_FOUND;
            case Problem.Unauthorized _ -> Code.UNAUTHENTICATED;
            case Problem.RateLimited _ -> Code.RESOURCE_EXHAUSTED;
            case Problem.InferenceFailed _ -> Code.INTERNAL;
            case Problem.Overloaded _, Problem.Draining _, Problem.NotReady _ -> Code.UNAVAILABLE;
            case Problem.DeadlineExceeded _ -> Code.DEADLINE_EXCEEDED;
        };
    }

    /** The problem of one item, inside an answer. */
    static io.cospace.service.grpc.v1.Problem item(Problem problem) {
        return io.cospace.service.grpc.v1.Problem.newBuilder()
                .setName(problem.name())
                .setCode(code(problem).getNumber())
                .setDetail(problem.detail())
                .build();
    }

    /** A failure that the service does not know. */
    static Status internal() {
        return Status.newBuilder()
                .setCode(Code.INTERNAL_VALUE)
                .setMessage("the call failed; the service's log says why")
                .build();
    }

    /** The problem of a whole call, as the status that ends it. */
    static Status call(ProblemException thrown) {
        Problem problem = thrown.problem();
        Place place = thrown.place();
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(problem.name().toUpperCase(Locale.ROOT).replace('-', '_'));
        String message = problem.detail();
        if (place != null) {
            info.putMetadata("list", place.list());
            info.putMetadata("index", Integer.toString(place.index()));
            message = "%s[%d]: %s".formatted(place.list(), place.index(), message);
        }
        Status.Builder status =
                Status.newBuilder()
                        .setCode(code(problem).getNumber())
                        .setMessage(message)
                        .addDetails(Any.pack(info.build()));
        List<Violation> violations = violations(problem, place);
        if (!violations.isEmpty()) {
            status.addDetails(Any.pack(badRequest(violations)));
        }
        Duration retryAfter = retryAfter(problem);
        if (retryAfter != null) {
            status.addDetails(Any.pack(retryInfo(retryAfter)));
        }
        return status.build();
    }

    private static List<Violation> violations(Problem problem, @Nullable Place place) {
        if (problem instanceof Problem.InvalidRequest(List<Violation> violations)) {
            return violations;
        }
        return place == null
                ? List.of()
                : List.of(new Violation(place.pointer(), problem.detail()));
    }

    private static BadRequest badRequest(List<Violation> violations) {
        BadRequest.Builder bad = BadRequest.newBuilder();
        for (Violation violation : violations) {
            bad.addFieldViolationsBuilder()
                    .setField(field(violation.pointer()))
                    .setDescription(violation.reason());
        }
        return bad.build();
    }

    /** A JSON pointer as the path of a field: {@code /inputs/3/task} is {@code inputs[3].task}. */
    static String field(String pointer) {
        StringBuilder path = new StringBuilder();
        for (String step : pointer.split("/", -1)) {
            if (step.isEmpty()) {
                continue;
            }
            if (step.chars().allMatch(c -> c >= '0' && c <= '9')) {
                path.append('[').append(step).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step);
            }
        }
        return path.toString();
    }

    private static RetryInfo retryInfo(Duration after) {
        return RetryInfo.newBuilder()
                .setRetryDelay(
                        com.google.protobuf.Duration.newBuilder()
                                .setSeconds(after.toSeconds())
                                .setNanos(after.toNanosPart()))
                .build();
    }

    /** When to come back; null: nobody knows. */
    static @Nullable Duration retryAfter(Problem problem) {
        return switch (problem) {
            case Problem.Overloaded(_, Duration after) -> after;
            case Problem.RateLimited(_, Duration after) -> after;
            case Problem.NotReady(_, Duration after) -> after;
            case Problem.Draining(Duration after) -> after;
            default -> null;
        };
    }
}
