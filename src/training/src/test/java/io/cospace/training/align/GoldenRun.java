package io.cospace.training.align;

import com.fasterxml.jackson.databind.JsonNode;
import io.cospace.training.Golden;
import io.cospace.training.align.Losses.Form;
import io.cospace.training.align.Losses.Reduction;
import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Activation;
import io.cospace.training.model.ClipText;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The models, stages and batches of the golden traces. */
final class GoldenRun {
    final Golden.Fixture init = Golden.tensors(Golden.file("train/init.safetensors"));
    final Golden.Fixture data = Golden.tensors(Golden.file("train/data.safetensors"));
    final JsonNode trace = Golden.json("train/trace.json");

    /** Tensors of the initial weights under a prefix, which is taken off. */
    Parameters initial(String prefix, Predicate<String> wanted) {
        Parameters parameters = new Parameters();
        init.all()
                .forEach((name, tensor) -> {
                    if (name.startsWith(prefix) && wanted.test(name.substring(prefix.length()))) {
                        parameters.add(name.substring(prefix.length()), tensor.copied());
                    }
                });
        return parameters;
    }

    Tower vision() {
        return new ClipVision(
                initial("", name -> name.startsWith("visual.")), 2, Activation.QUICK_GELU);
    }

    Tower lift() {
        return new ClipVision(
                initial("", name -> ClipVision.owns(name) && !name.equals("visual.proj")),
                2,
                Activation.GELU);
    }

    Tower clipText() {
        return new ClipText(
                initial("", name -> ClipText.owns(name) && !name.contains("text_adaptor")),
                1,
                Activation.QUICK_GELU);
    }

    Tower adapter(String name) {
        return new TextProj(initial(name + "/", TextProj::owns), true, 0);
    }

    static AlignedModel model(Tower image, Tower text) {
        return AlignedModel.of(image, text, 1 / .07, 0);
    }

    static Stage.Optimiser optimiser(JsonNode config) {
        return Stage.Optimiser.of(config.path("steps").asLong(), config.path("warmup").asLong())
                .betas(
                        config.path("betas").path(0).asDouble(),
                        config.path("betas").path(1).asDouble(),
                        config.path("eps").asDouble())
                .decay(config.path("wd").asDouble(), config.path("layer_decay").asDouble(1))
                .limits(config.path("clip").asDouble(Double.POSITIVE_INFINITY), 100);
    }

    static Stage stage(
            JsonNode config, List<Part> parts, List<Term> terms, Stage.Teaching teaching) {
        Map<Part, Double> rates = new EnumMap<>(Part.class);
        parts.forEach(part -> rates.put(part, config.path("lr").asDouble()));
        return new Stage("golden", rates, terms, teaching, optimiser(config));
    }

    /** ProCLIP's first stage: both captions' places, distances of the first. */
    Stage inherit(String run) {
        Reduction reduction = reduction(run);
        double structure = reduction == Reduction.SUM ? 1 : 10;
        return stage(
                trace.path("runs").path(run).path("stage1").path("config"),
                List.of(Part.TEXT),
                List.of(
                        new Term.Instance(Side.TEXT, 1, reduction),
                        new Term.Instance(Side.SECOND_TEXT, 1, reduction),
                        new Term.Structure(Side.TEXT, structure, reduction, Form.RELEASED, 0)),
                new Stage.Teaching.Given());
    }

    /** ProCLIP's second stage. */
    Stage align(String run) {
        JsonNode node = trace.path("runs").path(run);
        double lambda = node.path("lam").asDouble();
        return stage(
                node.path("stage2").path("config"),
                List.of(Part.IMAGE, Part.TEXT, Part.SCALE),
                List.of(
                        new Term.Contrast(Term.Agreement.INFO_NCE, 1),
                        new Term.Instance(Side.IMAGE, lambda, reduction(run)),
                        new Term.Structure(Side.IMAGE, lambda, reduction(run), Form.RELEASED, 0)),
                new Stage.Teaching.Copy(node.path("ema_momentum").asDouble()));
    }

    private Reduction reduction(String run) {
        return trace.path("runs").path(run).path("reduction").asText().equals("sum")
                ? Reduction.SUM
                : Reduction.MEAN;
    }

    /** Rows of a step, the share of one process. */
    Batches batches(Content content, int rank, int world) {
        return step -> {
            JsonNode all = trace.path("batches").path((int) (step % 5));
            int share = all.size() / world;
            List<Integer> rows = new ArrayList<>();
            for (int i = rank * share; i < (rank + 1) * share; i++) {
                rows.add(all.path(i).asInt());
            }
            Batch batch = new Batch(rows.stream().map(String::valueOf).toList());
            content.fill(batch, rows, step);
            return batch;
        };
    }

    /** What a run's batches hold. */
    @FunctionalInterface
    interface Content {
        void fill(Batch batch, List<Integer> rows, long step);
    }

    Content clip() {
        return (batch, rows, step) ->
                batch.input(Side.IMAGE, floats("images", rows))
                        .input(Side.TEXT, numbers("clip_ids", rows));
    }

    Content shortText() {
        return (batch, rows, step) ->
                batch.input(Side.IMAGE, floats("images", rows))
                        .input(Side.TEXT, floats("llm_short", rows));
    }

    /** The short caption where sample and step add up to an even number, else the other. */
    Content mixedText() {
        return (batch, rows, step) -> {
            List<Tensor> texts = new ArrayList<>();
            for (int row : rows) {
                String which = (row + step) % 2 == 0 ? "llm_short" : "llm_noise";
                texts.add(data.get(which).select(0, row));
            }
            batch.input(Side.IMAGE, floats("images", rows))
                    .input(Side.TEXT, floats(Tensors.stack(0, texts)));
        };
    }

    Content captions() {
        return (batch, rows, step) ->
                batch.input(Side.TEXT, floats("llm_short", rows))
                        .input(Side.SECOND_TEXT, floats("llm_noise", rows))
                        .target(Side.TEXT, floats("clip_text_short", rows))
                        .target(Side.SECOND_TEXT, floats("clip_text_noise", rows));
    }

    private Batch.Floats floats(String name, List<Integer> rows) {
        return floats(picked(name, rows));
    }

    static Batch.Floats floats(Tensor tensor) {
        return new Batch.Floats(tensor.toFloats(), tensor.shape());
    }

    private Batch.Numbers numbers(String name, List<Integer> rows) {
        Tensor tensor = picked(name, rows);
        return new Batch.Numbers(tensor.toLongs(), tensor.shape());
    }

    private Tensor picked(String name, List<Integer> rows) {
        long[] numbers = rows.stream().mapToLong(Integer::longValue).toArray();
        return data.get(name).pick(0, Tensors.of(numbers, numbers.length));
    }
}
