package io.cospace.training.align;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.AdamW;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Saved steps of a stage: weights, teacher and optimiser in one safetensors file that has its name
 * only when it is whole, so that a process may be killed at any moment. The newest two are kept.
 * Nothing else has state: data and random numbers follow from the number of the step.
 *
 * @param folder of the run
 * @param every how many steps one is saved; the last step always is
 */
public record Checkpoints(Path folder, long every) {
    private static final int KEPT = 2;
    private static final String TEACHER = "teacher/";
    private static final String OPTIMISER = "optimiser/";

    public Checkpoints {
        if (every < 1) {
            throw new IllegalArgumentException("every is " + every + "; it must be at least 1");
        }
    }

    boolean due(long next, long steps) {
        return next % every == 0 || next == steps;
    }

    void save(
            Stage stage, long next, AlignedModel model, @Nullable Tower teacher, AdamW optimiser) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            weights(model, tensors);
            if (teacher != null) {
                put(TEACHER, teacher.parameters(), tensors);
            }
            optimiser.state().forEach((name, tensor) -> tensors.put(OPTIMISER + name, tensor));
            TensorFile.write(
                    folder.resolve(name(stage, next)),
                    tensors,
                    Map.of("step", Long.toString(next), "stage", stage.toString()));
        }
        List<Path> saved = saved(stage);
        saved.subList(0, Math.max(0, saved.size() - KEPT)).forEach(Checkpoints::delete);
    }

    /** The newest saved step of a stage, if there is one. */
    public Optional<Path> newest(Stage stage) {
        List<Path> saved = saved(stage);
        return saved.isEmpty() ? Optional.empty() : Optional.of(saved.getLast());
    }

    /** Goes back to the newest step; returns the number of the one to come, 0 if none was saved. */
    long restore(Stage stage, AlignedModel model, @Nullable Tower teacher, AdamW optimiser) {
        Optional<Path> newest = newest(stage);
        if (newest.isEmpty()) {
            return 0;
        }
        try (Scope _ = Scope.open();
                Safetensors file = Safetensors.open(newest.get())) {
            String written = file.metadata().getOrDefault("stage", "");
            if (!written.equals(stage.toString())) {
                throw new IllegalArgumentException(
                        "%s was saved by another configuration: it says %s, now it is %s"
                                .formatted(newest.get(), written, stage));
            }
            Map<String, Tensor> tensors = TensorFile.readAll(file);
            for (Part part : Part.values()) {
                model.parameters(part).restore(under(ParameterGroups.prefix(part), tensors));
            }
            if (teacher != null) {
                teacher.parameters().restore(under(TEACHER, tensors));
            }
            optimiser.restore(under(OPTIMISER, tensors));
            return Long.parseLong(file.metadata().getOrDefault("step", "0"));
        }
    }

    /** Writes down what a step that failed read, and the weights before it. */
    Path evidence(long step, int rank, Batch batch, AlignedModel model) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        weights(model, tensors);
        batch.inputs()
                .forEach((side, rows) -> tensors.put("input/" + lower(side), Batch.tensor(rows)));
        batch.targets()
                .forEach((side, rows) -> tensors.put("target/" + lower(side), Batch.tensor(rows)));
        Path file = folder.resolve("diverged-%08d-%d.safetensors".formatted(step, rank));
        TensorFile.write(
                file,
                tensors,
                Map.of("step", Long.toString(step), "keys", String.join("\n", batch.keys())));
        return file;
    }

    private static void weights(AlignedModel model, Map<String, Tensor> tensors) {
        for (Part part : Part.values()) {
            put(ParameterGroups.prefix(part), model.parameters(part), tensors);
        }
    }

    private static void put(String prefix, Parameters from, Map<String, Tensor> to) {
        from.all().forEach((name, tensor) -> to.put(prefix + name, tensor));
    }

    private static Map<String, Tensor> under(String prefix, Map<String, Tensor> tensors) {
        Map<String, Tensor> inner = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                inner.put(name.substring(prefix.length()), tensor);
            }
        });
        return inner;
    }

    private static String name(Stage stage, long next) {
        return "%s-%08d.safetensors".formatted(stage.name(), next);
    }

    private List<Path> saved(Stage stage) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            String pattern = java.util.regex.Pattern.quote(stage.name()) + "-\\d{8,}\\.safetensors";
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    private static String lower(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }
}
