package io.cospace.service.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.cospace.service.embedding.UrlImages.Fetched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FetchedImagesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<CompletableFuture<byte[]>> begun = new ArrayList<>();
    private final FetchedImages images =
            new FetchedImages(
                    (_, _) -> {
                        begun.add(new CompletableFuture<>());
                        return begun.getLast();
                    },
                    2);

    @Test
    void begins_no_more_than_so_many_until_one_has_been_decoded() {
        CompletableFuture<Fetched> first = images.fetch("a", MINUTE);
        CompletableFuture<Fetched> second = images.fetch("b", MINUTE);
        CompletableFuture<Fetched> third = images.fetch("c", MINUTE);
        assertThat(begun).hasSize(2);
        begun.get(0).complete(new byte[] {1});
        assertThat(first.join().bytes()).containsExactly(1);
        assertThat(begun).as("not decoded yet").hasSize(2);
        first.join().release().run();
        first.join().release().run();
        assertThat(begun).hasSize(3);
        begun.get(1).completeExceptionally(new FetchException.Failed("no"));
        assertThat(second).isCompletedExceptionally();
        CompletableFuture<Fetched> fourth = images.fetch("d", MINUTE);
        assertThat(begun).hasSize(4);
        assertThat(third).isNotDone();
        assertThat(fourth).isNotDone();
    }

    @Test
    void passes_over_those_that_were_given_up_and_stops_what_they_began() {
        CompletableFuture<Fetched> first = images.fetch("a", MINUTE);
        CompletableFuture<Fetched> _ = images.fetch("b", MINUTE);
        CompletableFuture<Fetched> third = images.fetch("c", MINUTE);
        CompletableFuture<Fetched> _ = images.fetch("d", MINUTE);
        third.cancel(false);
        first.cancel(false);
        assertThat(begun.get(0)).isCancelled();
        assertThat(begun).as("the fourth in place of the first").hasSize(3);
    }

    @Test
    void tells_what_was_refused_from_what_failed() {
        CompletableFuture<Fetched> refused = images.fetch("https://x.example/a", MINUTE);
        CompletableFuture<Fetched> failed = images.fetch("https://x.example/b", MINUTE);
        begun.get(0).completeExceptionally(new FetchException.Refused("its port is 22"));
        begun.get(1).completeExceptionally(new FetchException.Failed("status 404"));
        assertThat(problem(refused))
                .isEqualTo(new Problem.UrlRefused("'https://x.example/a': its port is 22"));
        assertThat(problem(failed))
                .isEqualTo(new Problem.UrlFailed("'https://x.example/b': status 404"));
    }

    private static Problem problem(CompletableFuture<Fetched> image) {
        return ((ProblemException) image.exceptionNow()).problem();
    }
}
