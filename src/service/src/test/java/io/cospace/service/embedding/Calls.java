package io.cospace.service.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cospace.encoder.Modality;
import io.cospace.encoder.text.Task;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls of tests to a service of their own. */
final class Calls implements AutoCloseable {

    final Workers workers = new Workers(2, 2, 100, 0);
    final List<String> outcomes = new CopyOnWriteArrayList<>();
    final AtomicInteger truncated = new AtomicInteger();

    @Override
    public void close() {
        workers.close();
    }

    EmbeddingService service(Model model) {
        ServedModels models = new ServedModels();
        models.serve(model);
        return new EmbeddingService(models, Limits.defaults(), workers, recorder());
    }

    EmbedResult embed(List<Input> inputs, OnError onError) {
        var request =
                new EmbedRequest(inputs, Options.defaults(), Set.of(OutputType.FLOAT), onError);
        return service(FakeModel.direct()).embed(request, call(10_000)).join();
    }

    EmbedResult embed(List<Input> inputs, Options options) {
        var request = new EmbedRequest(inputs, options, Set.of(OutputType.FLOAT), OnError.FAIL);
        return service(FakeModel.direct()).embed(request, call(10_000)).join();
    }

    ProblemException problem(List<Input> inputs, Options options) {
        var request = new EmbedRequest(inputs, options, Set.of(OutputType.FLOAT), OnError.FAIL);
        return thrownBy(service(FakeModel.direct()).embed(request, call(10_000)));
    }

    static ProblemException thrownBy(CompletableFuture<?> future) {
        Throwable thrown = catchThrowableOfType(CompletionException.class, future::join);
        assertThat(thrown).isNotNull().hasCauseInstanceOf(ProblemException.class);
        return (ProblemException) requireNonNull(thrown.getCause());
    }

    static EmbedRequest request(List<Input> inputs) {
        return new EmbedRequest(inputs, Options.defaults(), Set.of(OutputType.FLOAT), OnError.FAIL);
    }

    static EmbedResult.Embedded embedded(EmbedResult result, int index) {
        return (EmbedResult.Embedded) result.items().get(index);
    }

    static Options options(
            @Nullable Integer dimensions,
            LongText longText,
            @Nullable String model,
            @Nullable String space) {
        return new Options(Task.DOCUMENT, dimensions, longText, Offsets.CODE_POINTS, model, space);
    }

    static CallContext call(long millis) {
        return CallContext.interactive(System.nanoTime(), Duration.ofMillis(millis));
    }

    static Input text(String text) {
        return new Input.Text(text, null);
    }

    static Input image(String content) {
        return new Input.Image(content.getBytes(UTF_8));
    }

    private EmbeddingListener recorder() {
        return new EmbeddingListener() {
            @Override
            public void embedded(Modality modality, StageTimes times) {
                outcomes.add("ok");
            }

            @Override
            public void failed(Modality modality, Problem problem) {
                outcomes.add(problem.name());
            }

            @Override
            public void truncated() {
                truncated.incrementAndGet();
            }
        };
    }
}
