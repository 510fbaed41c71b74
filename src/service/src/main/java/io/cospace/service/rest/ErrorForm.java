package io.cospace.service.rest;

import io.cospace.service.embedding.Problem.Violation;
import org.jspecify.annotations.Nullable;

/** How a path says what went wrong. */
enum ErrorForm {

    /** {@code application/problem+json} of RFC 9457. */
    PROBLEM("application/problem+json") {
        @Override
        byte[] body(HttpProblem problem) {
            JsonWriter out = new JsonWriter(512);
            problem.write(out);
            return out.bytes();
        }
    },

    /**
     * The form of OpenAI's API. Its Node client shows the message of no other, and both official
     * clients offer {@code type}, {@code param} and {@code code} to a caller.
     */
    OPENAI("application/json") {
        @Override
        byte[] body(HttpProblem problem) {
            JsonWriter out = new JsonWriter(512).object().name("error").object();
            out.name("message").value(problem.detail());
            out.name("type").value(openAiType(problem.type()));
            String param = openAiParam(problem);
            out.name("param");
            if (param == null) {
                out.nothing();
            } else {
                out.value(param);
            }
            out.name("code").value(problem.type().wireName());
            return out.endObject().endObject().bytes();
        }
    };

    private final String contentType;

    ErrorForm(String contentType) {
        this.contentType = contentType;
    }

    /** The form of a path's errors. */
    static ErrorForm of(@Nullable String path) {
        return path != null && path.startsWith("/v1/") ? OPENAI : PROBLEM;
    }

    String contentType() {
        return contentType;
    }

    abstract byte[] body(HttpProblem problem);

    private static String openAiType(ProblemType type) {
        if (type.status() >= 500) {
            return "server_error";
        }
        return switch (type) {
            case UNAUTHORIZED -> "authentication_error";
            case RATE_LIMITED -> "rate_limit_error";
            default -> "invalid_request_error";
        };
    }

    /** The parameter at fault, such as {@code input[3]}; null: no single one is. */
    private static @Nullable String openAiParam(HttpProblem problem) {
        return switch (problem.type()) {
            case MODEL_UNKNOWN -> "model";
            case UNKNOWN_DIMENSION -> "dimensions";
            case TOO_MANY_INPUTS -> "input";
            default ->
                    problem.errors().stream()
                            .map(Violation::pointer)
                            .filter(pointer -> !pointer.isEmpty())
                            .findFirst()
                            .map(ErrorForm::dotted)
                            .orElse(null);
        };
    }

    /** {@code input[3].image} of {@code /input/3/image}. */
    private static String dotted(String pointer) {
        return pointer.substring(1).replaceAll("/([0-9]+)", "[$1]").replace('/', '.');
    }
}
