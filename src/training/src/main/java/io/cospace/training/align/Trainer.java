package io.cospace.training.align;

import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.AdamW;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Scope;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs one stage: a step encodes this process' rows, gathers the vectors of all processes, takes
 * the loss of the whole batch, and sends its gradient back. So several processes, and several
 * pieces of a batch, train as one process with the whole batch does. To be used by one thread.
 */
public final class Trainer {
    private final AlignedModel model;
    private final Stage stage;
    private final Batches batches;
    private final ProcessGroup group;
    private final AdamW optimiser;
    private final List<AdamW.Parameter> trained;
    private final @Nullable Tower teacher;
    private final Optional<Checkpoints> checkpoints;
    private long next;

    /**
     * Prepares a stage, or its rest if it was interrupted.
     *
     * @param model trained in place
     * @param checkpoints where to save and go on from; empty to keep nothing
     * @throws IllegalArgumentException if a saved step belongs to another stage or model
     */
    public Trainer(
            AlignedModel model,
            Stage stage,
            Batches batches,
            ProcessGroup group,
            Optional<Checkpoints> checkpoints) {
        this.model = model;
        this.stage = stage;
        this.batches = batches;
        this.group = group;
        this.checkpoints = checkpoints;
        trained = ParameterGroups.of(model, stage);
        Stage.Optimiser settings = stage.optimiser();
        optimiser =
                new AdamW(
                        new AdamW.Settings(settings.beta1(), settings.beta2(), settings.epsilon()),
                        trained);
        teacher =
                stage.teaching() instanceof Stage.Teaching.Copy
                                && stage.teachers().contains(Side.IMAGE)
                        ? model.image().over(model.image().parameters().copied())
                        : null;
        checkpoints.ifPresent(saved -> next = saved.restore(stage, model, teacher, optimiser));
    }

    /** The step that comes next; the number of steps when the stage is done. */
    public long next() {
        return next;
    }

    /** The teacher as it is now, if it is a copy of the image tower. */
    public Optional<Tower> teacher() {
        return Optional.ofNullable(teacher);
    }

    /**
     * Runs the steps that are left.
     *
     * @throws DivergedException if a loss or gradient is no number
     */
    public void run(Progress progress) {
        while (next < stage.optimiser().steps()) {
            progress.step(step());
            if (checkpoints.isPresent() && checkpoints.get().due(next, stage.optimiser().steps())) {
                save(checkpoints.get());
            }
        }
    }

    private void save(Checkpoints saved) {
        if (group.rank() == 0) {
            saved.save(stage, next, model, teacher, optimiser);
        }
        group.barrier();
    }

    /** Runs one step. */
    public StepReport step() {
        long step = next;
        Batch batch = batches.batch(step);
        double rate = Schedule.cosine(step, stage.optimiser().warmUp(), stage.optimiser().steps());
        try (Scope _ = Scope.open()) {
            optimiser.clearGradients();
            Pass pass = new Pass(batch, new Encoding(stage.optimiser(), step, group.rank()));
            Objective objective = pass.run();
            double loss = objective.total().item();
            exchange();
            double length = optimiser.clip(stage.optimiser().clip());
            if (!Double.isFinite(loss) || !Double.isFinite(length)) {
                throw diverged(batch, step, loss, length);
            }
            optimiser.step(rate);
            afterStep();
            next = step + 1;
            return new StepReport(
                    stage.name(),
                    step,
                    stage.optimiser().steps(),
                    rate,
                    loss,
                    objective.parts(),
                    length,
                    model.factor(),
                    pass.rows);
        }
    }

    private void afterStep() {
        try (Torch.NoGradient _ = Torch.noGradient()) {
            model.logScale().clampInPlace(0, Math.log(stage.optimiser().scaleLimit()));
        }
        if (teacher != null && stage.teaching() instanceof Stage.Teaching.Copy copy) {
            teacher.parameters().average(model.image().parameters(), copy.momentum());
        }
    }

    /**
     * Adds up the processes' gradients. Each has those of its own rows; the scale's each has in
     * full.
     */
    private void exchange() {
        if (group.world() == 1) {
            return;
        }
        List<Tensor> gradients = new ArrayList<>();
        String shared = ParameterGroups.prefix(Part.SCALE);
        for (AdamW.Parameter parameter : trained) {
            Tensor gradient = parameter.value().gradient();
            if (gradient != null) {
                if (parameter.name().startsWith(shared)) {
                    gradient.timesInPlace(1.0 / group.world());
                }
                gradients.add(gradient);
            }
        }
        group.sumInPlace(gradients);
    }

    private RuntimeException diverged(Batch batch, long step, double loss, double length) {
        String message =
                "step %d of %s: loss %s, gradient of length %s"
                        .formatted(step, stage.name(), loss, length);
        return checkpoints.isPresent()
                ? new DivergedException(
                        message, checkpoints.get().evidence(step, group.rank(), batch, model))
                : new ArithmeticException(message);
    }

    /** Forward and backward of one batch. */
    private final class Pass {
        private final Batch batch;
        private final Encoding encoding;
        private final Map<Side, Tensor> inputs = new EnumMap<>(Side.class);
        private final Map<Side, Tensor> own = new EnumMap<>(Side.class);
        private final boolean pieces = stage.optimiser().microBatch() > 0;
        private long rows;

        Pass(Batch batch, Encoding encoding) {
            this.batch = batch;
            this.encoding = encoding;
        }

        Objective run() {
            Map<Side, Tensor> students = new EnumMap<>(Side.class);
            for (Side side : stage.students()) {
                Tensor input = Batch.tensor(batch.input(side));
                inputs.put(side, input);
                Tensor vectors =
                        pieces
                                ? encoding.constant(model.tower(side), side, input, true)
                                        .requireGradient(true)
                                : encoding.whole(model.tower(side), side, input, true);
                own.put(side, vectors);
                students.put(side, group.gather(vectors));
            }
            rows = students.values().iterator().next().size(0);
            Objective objective =
                    Objective.of(
                            stage.terms(),
                            new Objective.Vectors(students, teachers(), same()),
                            model);
            if (objective.total().requiresGradient()) {
                objective.total().backward();
            }
            if (pieces) {
                own.forEach((side, vectors) -> back(side, vectors.gradient()));
            }
            return objective;
        }

        private void back(Side side, @Nullable Tensor gradient) {
            Tensor input = inputs.get(side);
            if (gradient != null && input != null) {
                encoding.backward(model.tower(side), side, input, gradient);
            }
        }

        private Map<Side, Tensor> teachers() {
            Map<Side, Tensor> vectors = new EnumMap<>(Side.class);
            for (Side side : stage.teachers()) {
                Tensor input = inputs.get(side);
                Tensor given =
                        side == Side.IMAGE && teacher != null && input != null
                                ? encoding.constant(teacher, side, input, false)
                                : Batch.tensor(batch.target(side)).unit();
                vectors.put(side, group.gather(given));
            }
            return vectors;
        }

        private @Nullable Tensor same() {
            long[] captions = batch.captions();
            if (captions == null) {
                return null;
            }
            Tensor numbers = Tensors.of(captions, captions.length, 1);
            return Objective.same(group.gather(numbers).toLongs());
        }
    }
}
