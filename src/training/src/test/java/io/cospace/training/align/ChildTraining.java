package io.cospace.training.align;

import io.cospace.training.align.Losses.Reduction;
import io.cospace.training.align.Side.Part;
import io.cospace.training.model.TextProj;
import io.cospace.training.torch.ProcessGroup;
import io.cospace.training.torch.Torch;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that trains, for tests that kill it or run two. */
final class ChildTraining {
    private ChildTraining() {}

    public static void main(String[] arguments) throws Exception {
        Torch.threads(1);
        if (arguments[0].equals("distributed")) {
            distributed(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        } else {
            train(Path.of(arguments[1]), arguments[0].equals("slow") ? 40 : 0);
        }
    }

    private static void distributed(int rank, int port) {
        GoldenRun golden = new GoldenRun();
        try (ProcessGroup group = ProcessGroup.join("127.0.0.1", port, rank, 2)) {
            new Trainer(
                            model(golden, 0),
                            golden.align("proclip_ema_mean"),
                            golden.batches(golden.mixedText(), rank, 2),
                            group,
                            Optional.empty())
                    .run(report ->
                            System.out.println(
                                    "step %d %.9f %.9f"
                                            .formatted(
                                                    report.step(),
                                                    report.loss(),
                                                    report.gradientLength())));
            group.barrier();
        }
        // The group's threads must not keep the process.
        System.exit(0);
    }

    private static void train(Path folder, long pause) {
        GoldenRun golden = new GoldenRun();
        Trainer trainer =
                new Trainer(
                        model(golden, .1),
                        stage(golden),
                        golden.batches(golden.mixedText(), 0, 1),
                        ProcessGroup.alone(),
                        Optional.of(new Checkpoints(folder, 1)));
        System.out.println("resumed at " + trainer.next());
        trainer.run(report -> pause(pause));
    }

    /** 20 steps with everything that has a state: dropout, noise, a moving teacher. */
    static Stage stage(GoldenRun golden) {
        Stage align = golden.align("proclip_ema_mean");
        Map<Part, Double> rates = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            rates.put(part, 1e-3);
        }
        return new Stage(
                "child",
                rates,
                List.of(
                        new Term.Contrast(Term.Agreement.INFO_NCE, 1),
                        new Term.Instance(Side.IMAGE, 2, Reduction.MEAN)),
                align.teaching(),
                Stage.Optimiser.of(20, 2).noise(.03, 11));
    }

    private static AlignedModel model(GoldenRun golden, double dropout) {
        return GoldenRun.model(
                golden.vision(),
                new TextProj(golden.initial("proclip/", TextProj::owns), true, dropout));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
