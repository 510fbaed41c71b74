package io.cospace.training.align;

import io.cospace.training.align.Losses.Form;
import io.cospace.training.align.Losses.Reduction;
import io.cospace.training.align.Side.Part;
import io.cospace.training.model.Activation;
import io.cospace.training.model.ClipVision;
import io.cospace.training.model.Parameters;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Tensor;
import io.cospace.training.torch.Tensors;
import io.cospace.training.torch.Torch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step of ProCLIP's second stage: a vision transformer of width 192 with 6 blocks on 64 px in
 * patches of 8, an adapter of 256 features, 128 dimensions, a fixed teacher, AdamW. {@code
 * src/evaluate/jmh training TrainingStepBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
public class TrainingStepBenchmark {
    private static final int WIDTH = 192;
    private static final int BLOCKS = 6;
    private static final int IMAGE = 64;
    private static final int PATCH = 8;
    private static final int TEXT = 256;
    private static final int SPACE = 128;

    @Param({"64"})
    private int batch;

    @Param({"2"})
    private int threads;

    private Trainer trainer;

    @Setup
    public void prepare() {
        Torch.threads(threads);
        Torch.seed(1);
        ClipVision vision = new ClipVision(vision(), 3, Activation.GELU);
        TextProj adapter =
                new TextProj(TextProj.random(new TextProj.Sizes(TEXT, SPACE, 1, 4)), true, 0);
        Batch data =
                new Batch(List.of())
                        .input(Side.IMAGE, GoldenRun.floats(Tensors.normal(batch, 3, IMAGE, IMAGE)))
                        .input(Side.TEXT, GoldenRun.floats(Tensors.normal(batch, TEXT)));
        Stage stage =
                new Stage(
                        "bench",
                        Map.of(Part.IMAGE, 1e-4, Part.TEXT, 1e-4, Part.SCALE, 1e-4),
                        List.of(
                                new Term.Contrast(Term.Agreement.INFO_NCE, 1),
                                new Term.Instance(Side.IMAGE, 1, Reduction.MEAN),
                                new Term.Structure(
                                        Side.IMAGE, 1, Reduction.MEAN, Form.RELEASED, 0)),
                        new Stage.Teaching.Copy(1),
                        Stage.Optimiser.of(1_000_000, 10).limits(5, 100));
        trainer =
                new Trainer(
                        AlignedModel.of(vision, adapter, 1 / .07, 0),
                        stage,
                        step -> data,
                        ProcessGroup.alone(),
                        Optional.empty());
    }

    @Benchmark
    public StepReport step() {
        return trainer.step();
    }

    private static Parameters vision() {
        Parameters made = new Parameters();
        add(made, "visual.conv1.weight", .1, WIDTH, 3, PATCH, PATCH);
        add(made, "visual.class_embedding", .1, WIDTH);
        add(made, "visual.positional_embedding", .1, IMAGE / PATCH * (IMAGE / PATCH) + 1, WIDTH);
        norm(made, "visual.ln_pre");
        for (int i = 0; i < BLOCKS; i++) {
            String block = "visual.transformer.resblocks." + i + ".";
            norm(made, block + "ln_1");
            norm(made, block + "ln_2");
            add(made, block + "attn.in_proj_weight", .05, 3 * WIDTH, WIDTH);
            add(made, block + "attn.in_proj_bias", 0, 3 * WIDTH);
            add(made, block + "attn.out_proj.weight", .05, WIDTH, WIDTH);
            add(made, block + "attn.out_proj.bias", 0, WIDTH);
            add(made, block + "mlp.c_fc.weight", .05, 4 * WIDTH, WIDTH);
            add(made, block + "mlp.c_fc.bias", 0, 4 * WIDTH);
            add(made, block + "mlp.c_proj.weight", .05, WIDTH, 4 * WIDTH);
            add(made, block + "mlp.c_proj.bias", 0, WIDTH);
        }
        norm(made, "visual.ln_post");
        add(made, "visual.proj", .05, WIDTH, SPACE);
        return made;
    }

    private static void norm(Parameters target, String name) {
        target.add(name + ".weight", Tensors.normal(WIDTH).timesInPlace(0).plusInPlace(1));
        add(target, name + ".bias", 0, WIDTH);
    }

    private static void add(Parameters target, String name, double scale, long... shape) {
        Tensor values = Tensors.normal(shape).timesInPlace(scale);
        target.add(name, values);
    }
}
