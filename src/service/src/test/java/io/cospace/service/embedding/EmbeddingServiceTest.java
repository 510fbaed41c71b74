package io.cospace.service.embedding;

import static io.cospace.service.embedding.Calls.call;
import static io.cospace.service.embedding.Calls.embedded;
import static io.cospace.service.embedding.Calls.image;
import static io.cospace.service.embedding.Calls.options;
import static io.cospace.service.embedding.Calls.request;
import static io.cospace.service.embedding.Calls.text;
import static io.cospace.service.embedding.Calls.thrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cospace.encoder.Modality;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EmbeddingServiceTest {

    private final Calls calls = new Calls();

    @AfterEach
    void stop() {
        calls.close();
    }

    @Test
    void answers_texts_and_images_in_the_order_asked() {
        EmbedResult result =
                calls.embed(
                        List.of(text("a red bicycle"), image("IMG1"), text("a cat")), OnError.FAIL);

        assertThat(result.model()).isEqualTo("fake/1");
        assertThat(result.space()).isEqualTo(FakeModel.SPACE);
        assertThat(result.dimensions()).isEqualTo(8);
        assertThat(embedded(result, 0).vector().values())
                .isEqualTo(FakeModel.vectorOf("a red bicycle"));
        assertThat(embedded(result, 1).modality()).isEqualTo(Modality.IMAGE);
        assertThat(embedded(result, 2).vector().values()).isEqualTo(FakeModel.vectorOf("a cat"));
        assertThat(result.usage()).isEqualTo(new Usage(5 + 4, 1));
        assertThat(result.times().runNanos()).isEqualTo(2_000);
    }

    @Test
    void keeps_the_order_of_many_items_over_several_chunks() {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            inputs.add(i % 3 == 0 ? image("IMG" + i) : text("text number " + i));
        }
        EmbedResult result = calls.embed(inputs, OnError.FAIL);
        for (int i = 0; i < inputs.size(); i++) {
            Modality modality = i % 3 == 0 ? Modality.IMAGE : Modality.TEXT;
            assertThat(embedded(result, i).modality()).isEqualTo(modality);
            if (modality == Modality.TEXT) {
                assertThat(embedded(result, i).vector().values())
                        .isEqualTo(FakeModel.vectorOf("text number " + i));
            }
        }
    }

    @Test
    void refuses_another_model_or_space_by_name() {
        Problem unknown =
                calls.problem(List.of(text("a")), options(null, LongText.REJECT, "other", null))
                        .problem();
        assertThat(unknown).isEqualTo(new Problem.ModelUnknown("other", List.of("fake/1")));
        Problem mismatch =
                calls.problem(List.of(text("a")), options(null, LongText.REJECT, "fake", "x"))
                        .problem();
        assertThat(mismatch).isEqualTo(new Problem.SpaceMismatch("x", FakeModel.SPACE));
        assertThat(
                        calls.embed(
                                        List.of(text("a")),
                                        options(null, LongText.REJECT, "fake/1", null))
                                .model())
                .isEqualTo("fake/1");
    }

    @Test
    void names_the_first_bad_item_of_several() {
        List<Input> inputs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            inputs.add(i == 190 || i == 40 ? text(" ") : text("t" + i));
        }
        inputs.set(60, image("nonsense"));
        for (int run = 0; run < 20; run++) {
            ProblemException thrown = calls.problem(inputs, Options.defaults());
            assertThat(thrown.place()).isEqualTo(new Place("inputs", 40));
            assertThat(thrown.problem()).isInstanceOf(Problem.TextEmpty.class);
        }
    }

    @Test
    void keeps_each_problem_with_its_item_where_the_call_says_so() {
        EmbedResult result =
                calls.embed(
                        List.of(
                                text("fine"),
                                image("broken"),
                                image("AVIF"),
                                image("HUGE"),
                                text(""),
                                text("\ud800"),
                                text("poison"),
                                new Input.Unreadable(
                                        Modality.IMAGE, new Problem.UrlRefused("no URLs")),
                                image("IMG")),
                        OnError.ITEM);

        assertThat(result.items().stream().map(EmbeddingServiceTest::nameOf))
                .containsExactly(
                        "ok",
                        "image-unreadable",
                        "image-unreadable",
                        "image-too-large",
                        "text-empty",
                        "invalid-request",
                        "inference-failed",
                        "url-refused",
                        "ok");
        assertThat(calls.outcomes).hasSize(9).contains("ok", "inference-failed");
        var poisoned = (EmbedResult.Failed) result.items().get(6);
        assertThat(poisoned.problem().detail()).doesNotContain("poison");
    }

    @Test
    void names_the_item_of_a_malformed_text_in_the_violation() {
        ProblemException thrown =
                calls.problem(List.of(text("a"), text("x\udc00")), Options.defaults());
        assertThat(thrown.problem())
                .isInstanceOfSatisfying(
                        Problem.InvalidRequest.class,
                        invalid ->
                                assertThat(invalid.violations().getFirst().pointer())
                                        .isEqualTo("/inputs/1"));
    }

    @Test
    void refuses_more_inputs_than_the_limit() {
        List<Input> inputs = new ArrayList<>();
        IntStream.range(0, 1025).forEach(i -> inputs.add(text("t" + i)));
        assertThat(calls.problem(inputs, Options.defaults()).problem())
                .isEqualTo(new Problem.TooManyInputs("inputs", 1025, 1024));
    }

    @Test
    void is_not_ready_while_no_model_is_served() {
        var service =
                new EmbeddingService(
                        new ServedModels(),
                        Limits.defaults(),
                        calls.workers,
                        EmbeddingListener.NONE);
        var request =
                new EmbedRequest(
                        List.of(text("a")),
                        Options.defaults(),
                        Set.of(OutputType.FLOAT),
                        OnError.FAIL);
        assertThat(thrownBy(service.embed(request, call(1000))).problem())
                .isInstanceOf(Problem.NotReady.class);
    }

    @Test
    void ends_a_call_at_its_deadline_and_gives_its_items_up() {
        List<CompletableFuture<Tower.Run>> pending = new CopyOnWriteArrayList<>();
        HandTurnedTimer timer = new HandTurnedTimer();
        try (Workers workers = new Workers(2, 2, 100, 0, timer)) {
            ServedModels models = new ServedModels();
            models.serve(pendingModel(pending));
            var service =
                    new EmbeddingService(
                            models, Limits.defaults(), workers, EmbeddingListener.NONE);
            var result = service.embed(request(List.of(text("a"), text("b"))), call(3_600_000));
            assertThat(pending).hasSize(2);
            assertThat(result).isNotDone();

            timer.turn();

            assertThat(thrownBy(result).problem())
                    .isEqualTo(new Problem.DeadlineExceeded(Duration.ofHours(1)));
            assertThat(pending).allSatisfy(EmbeddingServiceTest::isCancelled);
        }
    }

    @Test
    void gives_items_up_when_the_caller_goes() {
        List<CompletableFuture<Tower.Run>> pending = new CopyOnWriteArrayList<>();
        var service = calls.service(pendingModel(pending));
        CallContext call = call(10_000);

        var result = service.embed(request(List.of(text("a"), text("b"))), call);
        call.cancel();

        assertThat(pending).hasSize(2).allMatch(CompletableFuture::isCancelled);
        assertThat(catchThrowableOfType(CompletionException.class, result::join))
                .hasCauseInstanceOf(CancellationException.class);
    }

    @Test
    void runs_nothing_more_once_an_item_has_failed_the_call() {
        AtomicInteger submitted = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        var slow =
                new FakeModel.Texts() {
                    @Override
                    public TokenizedText tokenize(String text, Task task) {
                        if (text.isBlank()) {
                            failed.countDown();
                        }
                        return super.tokenize(text, task);
                    }
                };
        var service =
                calls.service(
                        FakeModel.withTowers(
                                slow,
                                (rows, context) -> {
                                    submitted.addAndGet(rows.size());
                                    return FakeModel.runTexts(rows, context);
                                },
                                FakeModel::runImages));
        List<Input> inputs = new ArrayList<>(List.of(text(" ")));
        IntStream.range(0, 20).forEach(i -> inputs.add(text("t" + i)));

        assertThat(thrownBy(service.embed(request(inputs), call(5000))).place())
                .isEqualTo(new Place("inputs", 0));
        assertThat(failed.getCount()).isZero();
        assertThat(submitted).hasValue(0);
    }

    @Test
    void passes_a_refusal_of_the_tower_on_to_the_call() {
        Problem overloaded = new Problem.Overloaded("queue is full", Duration.ofSeconds(3));
        var service =
                calls.service(
                        FakeModel.withTowers(
                                new FakeModel.Texts(),
                                (_, _) -> {
                                    throw new ProblemException(overloaded);
                                },
                                FakeModel::runImages));
        assertThat(thrownBy(service.embed(request(List.of(text("a"))), call(5000))).problem())
                .isEqualTo(overloaded);
    }

    @Test
    void takes_no_more_calls_than_it_may() {
        Workers one = new Workers(1, 1, 1, 0);
        one.enter();
        assertThat(catchThrowableOfType(ProblemException.class, one::enter).problem())
                .isInstanceOf(Problem.Overloaded.class);
        one.leave();
        one.enter();
        one.close();
    }

    private static void isCancelled(CompletableFuture<?> future) {
        assertThat(future)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(CancellationException.class);
    }

    private static Model pendingModel(List<CompletableFuture<Tower.Run>> pending) {
        return FakeModel.withTowers(
                new FakeModel.Texts(),
                (rows, _) -> {
                    List<CompletableFuture<Tower.Run>> futures = new ArrayList<>();
                    rows.forEach(_ -> futures.add(new CompletableFuture<>()));
                    pending.addAll(futures);
                    return futures;
                },
                FakeModel::runImages);
    }

    private static String nameOf(EmbedResult.Item item) {
        return switch (item) {
            case EmbedResult.Embedded _, EmbedResult.Chunked _ -> "ok";
            case EmbedResult.Failed failed -> failed.problem().name();
        };
    }
}
