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
import io.cospace.training.model.FeatureHead;
import io.cospace.training.model.Identity;
import io.cospace.training.model.LinearHead;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.model.Tower;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Tensors;
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
    private static final int SAVED_EVERY = 100;

    private final JobData data;
    private final RecipeSettings settings;
    private final JobBatches batches;
    private final Saved saved;
    private final Progress progress;

    RecipeRun(JobData data, RecipeSettings settings, int copies, Saved saved, Progress progress) {
        this.data = data;
        this.settings = settings;
        this.batches = new JobBatches(data, settings, copies);
        this.saved = saved;
        this.progress = progress;
    }

    /**
     * Folders of saved steps.
     *
     * @param inherit of stage 1, which runs with the same first stage may share
     * @param align of stage 2
     */
    record Saved(Path inherit, Path align) {}

    /**
     * What was trained.
     *
     * @param models one, or class path and free path
     * @param shares of a cosine that each has
     */
    record Trained(List<AlignedModel> models, List<Double> shares) {}

    Trained run() {
        Torch.seed(settings.seed());
        return switch (settings.recipe()) {
            case TWO_PATH -> twoPaths();
            case PROCLIP -> one(freeHead(), inherited(), "align");
            case LLM2CLIP -> one(randomHead(dimensions()), adapter(), "align");
            case LIFT -> one(randomHead(data.text().length()), new Identity(), "align");
            case CLIP ->
                    one(
                            randomHead(dimensions()),
                            new LinearHead(LinearHead.random(data.text().length(), dimensions())),
                            "align");
        };
    }

    private Trained twoPaths() {
        TextProj adapter = inherited();
        double share = settings.align().classShare();
        AlignedModel close =
                align(classHead(), copied(adapter), "class-path", true).models().getFirst();
        AlignedModel free =
                align(freeHead(), copied(adapter), "free-path", false).models().getFirst();
        return new Trained(List.of(close, free), List.of(share, 1 - share));
    }

    private static Tower copied(TextProj adapter) {
        return adapter.over(adapter.parameters().copied());
    }

    private Trained one(Tower image, Tower text, String name) {
        return align(image, text, name, settings.recipe() == Recipe.PROCLIP);
    }

    private int dimensions() {
        return settings.teacher().dimensions();
    }

    private TextProj adapter() {
        RecipeSettings.Adapter shape = settings.adapter();
        return new TextProj(
                TextProj.random(
                        new TextProj.Sizes(
                                data.text().length(),
                                dimensions(),
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
                AlignedModel.of(classHead(), adapter, FIRST_SCALE, 0),
                stage,
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
            if (replays()) {
                terms.addAll(taught(Side.REPLAY, align.replay()));
            }
            Map<Part, Double> rates = new EnumMap<>(Part.class);
            if (align.imageTuned()) {
                rates.put(Part.IMAGE, align.optimisation().learningRate());
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
                                    .noise(0, settings.seed() + 1));
            Schedule schedule =
                    new Schedule(
                            data.train().size(), align.optimisation().batch(), settings.seed());
            train(model, stage, step -> batches.pairs(schedule, step), saved.align());
        }
        return new Trained(List.of(model), List.of(1.0));
    }

    /** Only an adapter that inherited has something to replay. */
    private boolean replays() {
        boolean inherits =
                switch (settings.recipe()) {
                    case TWO_PATH, PROCLIP -> true;
                    case LLM2CLIP, LIFT, CLIP -> false;
                };
        return inherits && settings.align().replay() > 0;
    }

    private void train(AlignedModel model, Stage stage, Batches from, Path folder) {
        new Trainer(
                        model,
                        stage,
                        from,
                        ProcessGroup.alone(),
                        Optional.of(new Checkpoints(folder, SAVED_EVERY)))
                .run(progress);
    }

    private static Stage.Optimiser optimiser(Optimisation from, double scaleLimit) {
        long warmUp = Math.min(from.steps() - 1L, Math.round(from.steps() * from.warmup()));
        return Stage.Optimiser.of(from.steps(), warmUp)
                .betas(from.beta1(), from.beta2(), 1e-8)
                .decay(from.weightDecay(), 1)
                .limits(from.clip() == 0 ? Double.POSITIVE_INFINITY : from.clip(), scaleLimit);
    }

    /** A new linear map of the standardised features. */
    private Tower randomHead(int out) {
        Statistics of = Statistics.of(data);
        return new StandardHead(
                LinearHead.random(data.images().length(), out), of.mean(), of.deviation());
    }

    private Parameters known() {
        List<float[]> classifier = data.classifier();
        int classes = classifier.get(1).length;
        return new Parameters()
                .add(
                        "targets",
                        Tensors.of(data.teacher().targets().toFloats(), classes, dimensions()))
                .add(
                        "classifier.weight",
                        Tensors.of(classifier.get(0), classes, data.images().pooled()))
                .add("classifier.bias", Tensors.of(classifier.get(1), classes));
    }

    /** Where the teacher has an image: the classes' places by their probabilities. */
    private Tower classHead() {
        return new FeatureHead(known());
    }

    private Tower freeHead() {
        Statistics of = Statistics.of(data);
        return new FeatureHead(FeatureHead.withResidual(known(), of.mean(), of.deviation()));
    }
}
