package io.cospace.service.embedding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The models that were handed over for serving, the newest one first. */
public final class ServedModels implements Models {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final AtomicReference<List<Model>> served = new AtomicReference<>(List.of());

    /** Serves a model from now on, and by default. */
    public void serve(Model model) {
        served.updateAndGet(models -> {
            List<Model> all = new ArrayList<>(models.size() + 1);
            all.add(model);
            all.addAll(models);
            return List.copyOf(all);
        });
    }

    @Override
    public Model find(@Nullable String name, @Nullable String space) {
        List<Model> models = served.get();
        if (models.isEmpty()) {
            throw new ProblemException(
                    new Problem.NotReady("the model is still being opened", RETRY_AFTER));
        }
        Model model =
                models.stream()
                        .filter(m -> name == null || answersTo(m, name))
                        .findFirst()
                        .orElseThrow(() -> unknown(String.valueOf(name), models));
        if (space != null && !space.equals(model.space())) {
            throw new ProblemException(new Problem.SpaceMismatch(space, model.space()));
        }
        return model;
    }

    @Override
    public List<Model> all() {
        return served.get();
    }

    private static boolean answersTo(Model model, String name) {
        return name.equals(model.manifest().name()) || name.equals(model.id());
    }

    private static ProblemException unknown(String name, List<Model> models) {
        List<String> ids = models.stream().map(Model::id).toList();
        return new ProblemException(new Problem.ModelUnknown(name, ids));
    }
}
