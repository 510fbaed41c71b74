package io.cospace.service.embedding;

import static io.cospace.service.embedding.Calls.call;
import static io.cospace.service.embedding.Calls.embedded;
import static io.cospace.service.embedding.Calls.image;
import static io.cospace.service.embedding.Calls.request;
import static io.cospace.service.embedding.Calls.text;
import static io.cospace.service.embedding.Calls.thrownBy;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Images that find no room to be decoded, on a service with a single thread for them: whoever keeps
 * it keeps all who come later waiting.
 */
@Timeout(20)
class ImagePreparationTest {

    private static final Input STUCK = image("STUCK");

    private final HandTurnedTimer timer = new HandTurnedTimer();
    private final Workers workers = new Workers(1, 1, 100, 0, timer);
    private final AtomicInteger abandoned = new AtomicInteger();

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    void waits_for_room_until_the_deadline_and_no_longer() {
        var service = service(FakeModel.direct());
        var late = service.embed(request(List.of(STUCK)), call(3_600_000));
        var behind = service.embed(request(List.of(image("IMG"))), call(3_600_000));
        assertThat(late).isNotDone();

        timer.turnFirst();

        assertThat(thrownBy(late).problem())
                .isEqualTo(new Problem.DeadlineExceeded(Duration.ofHours(1)));
        assertThat(behind.join().items()).hasSize(1);
        assertThat(abandoned).as("late is not abandoned").hasValue(0);
    }

    @Test
    void waits_for_room_until_the_caller_goes_and_counts_that() {
        var service = service(FakeModel.direct());
        CallContext leaving = call(3_600_000);
        var left = service.embed(request(List.of(STUCK)), leaving);
        var behind = service.embed(request(List.of(image("IMG"))), call(3_600_000));

        leaving.cancel();

        assertThat(behind.join().items()).hasSize(1);
        assertThat(catchThrowableOfType(CompletionException.class, left::join))
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(abandoned).hasValue(1);
    }

    @Test
    void waits_for_no_room_once_an_item_before_it_has_failed_the_call() {
        var service = service(FakeModel.direct());
        var failed = service.embed(request(List.of(text(" "), STUCK)), call(3_600_000));
        assertThat(thrownBy(failed).place()).isEqualTo(new Place("inputs", 0));
    }

    @Test
    void decodes_no_image_whose_vector_is_kept() {
        String file = "no decoder reads this";
        var run = new Tower.Run(FakeModel.vectorOf("kept"), 0, 0);
        Tower<ImageRow> keeping =
                new Tower<>() {
                    @Override
                    public List<CompletableFuture<Run>> submit(
                            List<ImageRow> rows, CallContext call) {
                        return FakeModel.runImages(rows, call);
                    }

                    @Override
                    public @Nullable Run known(Object key, CallContext call) {
                        return key.equals(ImageRow.digest(file.getBytes(UTF_8))) ? run : null;
                    }
                };
        var service =
                service(FakeModel.withTowers(new FakeModel.Texts(), FakeModel::runTexts, keeping));
        var result =
                service.embed(request(List.of(image(file), image("IMG"))), call(10_000)).join();
        assertThat(embedded(result, 0).vector().values()).isEqualTo(FakeModel.vectorOf("kept"));
        assertThat(embedded(result, 1).vector().values()).isNotEqualTo(run.row());
        assertThat(result.usage()).isEqualTo(new Usage(0, 2));
    }

    private EmbeddingService service(Model model) {
        ServedModels models = new ServedModels();
        models.serve(model);
        return new EmbeddingService(
                models,
                Limits.defaults(),
                workers,
                new EmbeddingListener() {
                    @Override
                    public void abandoned() {
                        abandoned.incrementAndGet();
                    }
                });
    }
}
