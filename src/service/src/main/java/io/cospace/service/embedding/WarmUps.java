package io.cospace.service.embedding;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.service.batching.Job;
import io.cospace.service.batching.Lane;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.WarmUp;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The warm-up of both towers in two parts. The first, before the model is served, runs the few
 * shapes that the prediction of cost cannot do without, both towers at the same time. The second
 * runs all shapes once more while the service has nothing else to do: it grows what the runtime
 * keeps between runs, and measures on a machine that no longer starts a process.
 */
final class WarmUps {

    private static final System.Logger LOG = System.getLogger(ModelOpening.class.getName());

    /**
     * Lengths that texts have, a short and a long one first: what is between them follows from the
     * model, and the limit cuts off what is at the end.
     */
    private static final int[] TEXT_LENGTHS = {8, 128, 32, 16, 64, 256, 512};

    /** How many of them are run before the model is served. */
    private static final int FIRST_LENGTHS = 2;

    private final Encoder encoder;
    private final ModelOpening.Plan plan;
    private final Lane<TextRow, float[]> texts;
    private final Lane<ImageRow, float[]> images;

    WarmUps(
            Encoder encoder,
            ModelOpening.Plan plan,
            Lane<TextRow, float[]> texts,
            Lane<ImageRow, float[]> images) {
        this.encoder = encoder;
        this.plan = plan;
        this.texts = texts;
        this.images = images;
    }

    /**
     * What must be run before the model is served.
     *
     * @throws InferenceException when a tower cannot run
     */
    void first() {
        CompletableFuture<?> aside =
                CompletableFuture.runAsync(
                        () -> warmUp(images, imageShapes()),
                        action -> {
                            Thread _ =
                                    Thread.ofPlatform()
                                            .daemon()
                                            .name("cospace-warm-up-image")
                                            .start(action);
                        });
        try {
            warmUp(texts, textShapes(FIRST_LENGTHS));
        } finally {
            // Whoever closes the encoder after a failure must not wait for runs that begin later.
            boolean _ = aside.handle((_, failure) -> failure == null).join();
        }
        try {
            Object _ = aside.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof InferenceException cause ? cause : e;
        }
    }

    /** All shapes, while the lanes have nothing to do; returns when they are closed, too. */
    void rest() {
        if (plan.warmUpLimit().isZero()) {
            return;
        }
        atRest(texts, textShapes(TEXT_LENGTHS.length));
        atRest(images, imageShapes());
    }

    private <I> void warmUp(Lane<I, float[]> lane, List<List<Job<I>>> batches) {
        try {
            log("warmed up", lane, lane.warmUp(batches, plan.warmUpLimit()));
        } catch (Exception e) {
            throw new InferenceException("the " + lane.name() + " tower cannot run", e);
        }
    }

    private <I> void atRest(Lane<I, float[]> lane, List<List<Job<I>>> batches) {
        try {
            log("warmed up at rest", lane, lane.warmUpAtRest(batches, plan.warmUpLimit()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // The model was closed meanwhile, or a shape is too large: calls will say so
            // themselves.
            LOG.log(Level.DEBUG, "the warm-up of " + lane.name() + " was given up", e);
        }
    }

    private static void log(String what, Lane<?, ?> lane, WarmUp warmUp) {
        if (warmUp.runs() == 0) {
            return; // the process ended first
        }
        LOG.log(
                Level.INFO,
                "{0} {1}: {2} runs in {3} ms{4}",
                what,
                lane.name(),
                warmUp.runs(),
                warmUp.took().toMillis(),
                warmUp.complete() ? "" : ", not all shapes");
    }

    /**
     * For each of the first {@code lengths} lengths: one text, a full batch, and a batch of which
     * half is a quarter as long, which tells padding from work.
     */
    private List<List<Job<TextRow>>> textShapes(int lengths) {
        LaneSettings lane = plan.texts();
        TokenizedText filler = encoder.text().tokenize("a ".repeat(1024), Task.DOCUMENT);
        List<List<Job<TextRow>>> shapes = new ArrayList<>();
        for (int length : Arrays.copyOf(TEXT_LENGTHS, lengths)) {
            if (length > encoder.text().maxTokens() || length <= filler.frameTokens()) {
                continue;
            }
            Job<TextRow> job = textJob(filler, length);
            shapes.add(List.of(job));
            int rows = Math.clamp(lane.maxUnits() / length, 1, lane.maxRows());
            if (rows > 1) {
                shapes.add(Collections.nCopies(rows, job));
                Job<TextRow> quarter =
                        textJob(filler, Math.max(filler.frameTokens() + 1, length / 4));
                List<Job<TextRow>> mixed = new ArrayList<>(Collections.nCopies(rows / 2, quarter));
                mixed.addAll(Collections.nCopies(rows - rows / 2, job));
                shapes.add(mixed);
            }
        }
        return shapes;
    }

    private static Job<TextRow> textJob(TokenizedText filler, int length) {
        int from = filler.contentFrom();
        TokenizedText text = filler.slice(from, from + length - filler.frameTokens());
        return Job.of(new TextRow(text, false), text.length(), 0);
    }

    /** One image, then batches twice as large each up to the largest. */
    private List<List<Job<ImageRow>>> imageShapes() {
        LaneSettings lane = plan.images();
        int side = encoder.bundle().manifest().image().preprocessing().crop();
        // Of bytes as pictures are, so that the code that gathers these is warm too.
        byte[] levels = new byte[Pixels.CHANNELS * side * side];
        float[] table = new float[Pixels.CHANNELS * Pixels.LEVELS];
        Pixels black = Pixels.ofLevels(side, side, levels, table);
        Job<ImageRow> job = Job.of(new ImageRow(black, ""), 1, 0);
        List<List<Job<ImageRow>>> shapes = new ArrayList<>();
        for (int rows = 1; rows <= Math.min(lane.maxRows(), lane.maxUnits()); rows *= 2) {
            shapes.add(Collections.nCopies(rows, job));
        }
        return shapes;
    }
}
