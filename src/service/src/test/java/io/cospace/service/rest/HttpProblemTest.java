package io.cospace.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.Place;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HttpProblemTest {

    @ParameterizedTest
    @MethodSource("everyProblem")
    void gives_every_problem_its_status_and_its_public_name(Problem problem, int status) {
        ProblemType type = HttpProblem.type(problem);
        assertThat(type.status()).isEqualTo(status);
        assertThat(type.wireName()).isEqualTo(problem.name());
        assertThat(ProblemPages.page(problem.name())).isPresent();
    }

    static Stream<Object[]> everyProblem() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                new Object[] {Problem.InvalidRequest.at("", "x"), 400},
                new Object[] {new Problem.Unauthorized("x"), 401},
                new Object[] {new Problem.RateLimited("x", second), 429},
                new Object[] {new Problem.ModelUnknown("x", List.of()), 404},
                new Object[] {new Problem.BodyTooLarge(1, "x"), 413},
                new Object[] {new Problem.TooManyInputs("x", 2, 1), 413},
                new Object[] {new Problem.ImageTooLarge("x"), 413},
                new Object[] {new Problem.UnsupportedMediaType("x"), 415},
                new Object[] {new Problem.ImageUnreadable("x"), 422},
                new Object[] {new Problem.ImageUnsupported("x"), 422},
                new Object[] {new Problem.TextTooLong("x"), 422},
                new Object[] {new Problem.TextEmpty("x"), 422},
                new Object[] {new Problem.UnknownDimension(1, List.of()), 422},
                new Object[] {new Problem.SpaceMismatch("x", "y"), 422},
                new Object[] {new Problem.UrlRefused("x"), 422},
                new Object[] {new Problem.UrlFailed("x"), 422},
                new Object[] {new Problem.InferenceFailed("x"), 500},
                new Object[] {new Problem.Overloaded("x", second), 503},
                new Object[] {new Problem.Draining(second), 503},
                new Object[] {new Problem.NotReady("x", second), 503},
                new Object[] {new Problem.DeadlineExceeded(second), 504});
    }

    @Test
    void covers_every_kind_of_problem_in_the_test_above() {
        assertThat(everyProblem().map(row -> row[0].getClass().getName()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Problem.class.getPermittedSubclasses())
                                .map(Class::getName)
                                .toList());
    }

    @Test
    void names_the_guilty_item_by_index_and_pointer() {
        var thrown = new ProblemException(new Problem.TextEmpty("is empty"), new Place("b", 7));
        assertThat(json(HttpProblem.of(thrown)))
                .isEqualTo(
                        "{\"type\":\"/problems/text-empty\",\"title\":\"Text empty\",\"status\":422,"
                                + "\"detail\":\"b[7]: is empty\",\"index\":7,"
                                + "\"errors\":[{\"pointer\":\"/b/7\",\"reason\":\"is empty\"}]}");
    }

    @Test
    void rounds_retry_after_up_to_whole_seconds() {
        assertThat(retryAfter(Duration.ofMillis(1))).isEqualTo("1");
        assertThat(retryAfter(Duration.ofMillis(1001))).isEqualTo("2");
        assertThat(retryAfter(Duration.ZERO)).isEqualTo("1");
        assertThat(HttpProblem.of(new Problem.TextEmpty("x")).retryAfterSeconds()).isNull();
    }

    private static @Nullable String retryAfter(Duration wait) {
        return HttpProblem.of(new Problem.Overloaded("x", wait)).retryAfterSeconds();
    }

    private static String json(HttpProblem problem) {
        JsonWriter out = new JsonWriter(100);
        problem.write(out);
        return new String(out.bytes(), UTF_8);
    }
}
