package io.cospace.training.job;

import io.cospace.training.align.AlignedModel;
import io.cospace.training.align.Batch;
import io.cospace.training.align.Batches;
import io.cospace.training.align.Checkpoints;
import io.cospace.training.align.Losses.Form;
import io.cospace.training.align.Losses.Reduction;
import io.cospace.training.align.Progress;
import io.cospace.training.align.Side;
import io.cospace.training.align.Side.Part;
import io.cospace.training.align.Stage;
import io.cospace.training.align.Term;
import io.cospace.training.align.Trainer;
import io.cospace.training.data.Schedule;
import io.cospace.training.job.RecipeSettings.Guide;
import io.cospace.training.job.RecipeSettings.Optimisation;
import io.cospace.training.job.RecipeSettings.Recipe;
import io.cospace.training.job.RecipeSettings.Structure;
import io.cospace.training.model.Identity;
import io.cospace.training.model.LinearHead;
import io.cospace.training.model.TextProj;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stages of a recipe over cached vectors. */
final class RecipeRun {
    private static final double FIRST_SCALE = 1 / .07;

    private final JobData data;
    private final RecipeSettings settings;
    private final JobBatches batches;
    private final FirstTowers towers;
    private final Saved saved;
    private final Progress progress;

    RecipeRun(JobData data, RecipeSettings settings, Saved saved, Progress progress) {
        this.data = data;
        this.settings = settings;
        this.batches = new JobBatches(data, settings);
        this.towers = new FirstTowers(data, settings.teacher().dimensions());
        this.saved = saved;
        this.progress = progress;
    }

    /**
     * Folders of saved steps.
     *
     * @param inherit of stage 1, which runs with the same first stage may share
     * @param align of stage 2
     * @param every how many steps one is saved
     */
    record Saved(Path inherit, Path align, int every) {}

    /**
     * What was trained.
     *
     * @param models one, or class path and free path
     * @param shares of a cosine that each has
     */
    record Trained(List<AlignedModel> models, List<Double> shares) {}

    /**
     * Runs the stages, or what is left of them.
     *
     * @throws JobException if data and settings do not fit; no step was run then
     */
    Trained run() {
        check();
        Torch.seed(settings.seed());
        return switch (settings.recipe()) {
            case TWO_PATH -> twoPaths();
            case PROCLIP -> one(towers.free(), inherited(), "align");
            case LLM2CLIP -> one(towers.random(towers.dimensions()), adapter(), "align");
            case LIFT -> one(towers.random(data.text().length()), new Identity(), "align");
            case CLIP ->
                    one(
                            towers.random(towers.dimensions()),
                            new LinearHead(
                                    LinearHead.random(data.text().length(), towers.dimensions())),
                            "align");
        };
    }

    /** What can be said before the first step and needs the data. */
    private void check() {
        Optimisation align = settings.align().optimisation();
        if (align.steps() > 0 && align.batch() > data.train().size()) {
            throw new JobException(
                    "align.batch is %d; the data have %d usable training pairs"
                            .formatted(align.batch(), data.train().size()));
        }
        boolean adapted =
                switch (settings.recipe()) {
                    case TWO_PATH, PROCLIP, LLM2CLIP, CLIP -> true;
                    case LIFT -> false;
                };
        if (!adapted && data.whole() && data.images().length() != data.text().length()) {
            throw new JobException(
                    "recipe 'lift' leaves text vectors as they are: they have %d values, the image tower's %d"
                            .formatted(data.text().length(), data.images().length()));
        }
    }

    private Trained twoPaths() {
        TextProj adapter = inherited();
        double share = settings.align().classShare();
        AlignedModel close =
                align(towers.known(), copied(adapter), "class-path", true).models().getFirst();
        AlignedModel free =
                align(towers.free(), copied(adapter), "free-path", false).models().getFirst();
        return new Trained(List.of(close, free), List.of(share, 1 - share));
    }

    private static Tower copied(TextProj adapter) {
        return adapter.over(adapter.parameters().copied());
    }

    private Trained one(Tower image, Tower text, String name) {
        return align(image, text, name, settings.recipe() == Recipe.PROCLIP);
    }

    private TextProj adapter() {
        RecipeSettings.Adapter shape = settings.adapter();
        return new TextProj(
                TextProj.random(
                        new TextProj.Sizes(
                                data.text().length(),
                                towers.dimensions(),
                                shape.blocks(),
                                shape.expansion())),
                true,
                shape.dropout());
    }

    /** Stage 1, unless it is switched off. */
    private TextProj inherited() {
        TextProj adapter = adapter();
        RecipeSettings.Inherit inherit = settings.inherit();
        if (inherit.optimisation().steps() == 0) {
            return adapter;
        }
        Stage stage =
                new Stage(
                        "inherit",
                        Map.of(Part.TEXT, inherit.optimisation().learningRate()),
                        taught(Side.TEXT, 1),
                        new Stage.Teaching.Given(),
                        optimiser(inherit.optimisation(), 100)
                                .noise(inherit.noise(), settings.seed()));
        train(
                AlignedModel.of(new Identity(), adapter, FIRST_SCALE, 0),
                stage,
                0,
                step ->
                        batches.rows(
                                new Batch(List.of()),
                                Side.TEXT,
                                inherit.optimisation().batch(),
                                step),
                saved.inherit());
        return adapter;
    }

    private List<Term> taught(Side side, double weight) {
        RecipeSettings.Inherit inherit = settings.inherit();
        Form form = inherit.form() == Structure.SQUARED ? Form.PAPER : Form.RELEASED;
        List<Term> terms = new ArrayList<>();
        if (inherit.instance() > 0) {
            terms.add(new Term.Instance(side, weight * inherit.instance(), Reduction.MEAN));
        }
        if (inherit.structure() > 0) {
            terms.add(
                    new Term.Structure(
                            side,
                            weight * inherit.structure(),
                            Reduction.MEAN,
                            form,
                            inherit.structureRows()));
        }
        return terms;
    }

    private Trained align(Tower image, Tower text, String name, boolean guided) {
        RecipeSettings.Align align = settings.align();
        AlignedModel model = AlignedModel.of(image, text, FIRST_SCALE, 0);
        if (align.optimisation().steps() > 0) {
            List<Term> terms = new ArrayList<>();
            terms.add(new Term.Contrast(Term.Agreement.INFO_NCE, 1));
            boolean taught = guided && align.guide() != Guide.NONE;
            if (taught && align.instance() > 0) {
                terms.add(new Term.Instance(Side.IMAGE, align.instance(), Reduction.MEAN));
            }
            if (taught && align.structure() > 0) {
                terms.add(
                        new Term.Structure(
                                Side.IMAGE, align.structure(), Reduction.MEAN, Form.RELEASED, 0));
            }
            if (JobBatches.replays(settings)) {
                terms.addAll(taught(Side.REPLAY, align.replay()));
            }
            Map<Part, Double> rates = new EnumMap<>(Part.class);
            RecipeSettings.Trunk trunk = align.trunk();
            if (align.imageTuned() && !image.parameters().all().isEmpty()) {
                rates.put(
                        Part.IMAGE,
                        trunk.learningRate() > 0
                                ? trunk.learningRate()
                                : align.optimisation().learningRate());
            }
            if (!text.parameters().all().isEmpty()) {
                rates.put(Part.TEXT, align.optimisation().learningRate());
            }
            rates.put(Part.SCALE, align.scaleLearningRate());
            Stage stage =
                    new Stage(
                            name,
                            rates,
                            terms,
                            taught
                                    ? new Stage.Teaching.Copy(
                                            align.guide() == Guide.EMA ? align.ema() : 1)
                                    : new Stage.Teaching.Given(),
                            optimiser(align.optimisation(), align.scaleLimit())
                                    .decay(align.optimisation().weightDecay(), trunk.layerDecay())
                                    .memory(trunk.microBatch(), false)
                                    .noise(0, settings.seed() + 1));
            Schedule schedule =
                    new Schedule(
                            data.train().size(), align.optimisation().batch(), settings.seed());
            train(
                    model,
                    stage,
                    data.images().workers(),
                    step -> batches.pairs(schedule, step),
                    saved.align());
        }
        return new Trained(List.of(model), List.of(1.0));
    }

    private void train(AlignedModel model, Stage stage, int workers, Batches from, Path folder) {
        try (Ahead ahead = new Ahead(from, stage.optimiser().steps(), workers)) {
            new Trainer(
                            model,
                            stage,
                            ahead,
                            ProcessGroup.alone(),
                            Optional.of(new Checkpoints(folder, saved.every())))
                    .run(progress);
        }
    }

    private static Stage.Optimiser optimiser(Optimisation from, double scaleLimit) {
        long warmUp = Math.min(from.steps() - 1L, Math.round(from.steps() * from.warmup()));
        return Stage.Optimiser.of(from.steps(), warmUp)
                .betas(from.beta1(), from.beta2(), 1e-8)
                .decay(from.weightDecay(), 1)
                .limits(from.clip() == 0 ? Double.POSITIVE_INFINITY : from.clip(), scaleLimit);
    }
}
