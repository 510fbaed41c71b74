package io.cospace.service.embedding;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.Task;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.service.batching.Cores;
import io.cospace.service.batching.CostModel;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.batching.Job;
import io.cospace.service.batching.Lane;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.Placement;
import io.cospace.service.batching.WarmUp;
import java.lang.System.Logger.Level;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Puts an open bundle behind lanes and warms it up, after which it can be served. */
public final class ModelOpening {

    private static final System.Logger LOG = System.getLogger(ModelOpening.class.getName());

    /** Lengths that texts have; each is run alone and in batches. */
    private static final int[] TEXT_LENGTHS = {8, 16, 32, 64, 128, 256, 512};

    /** Guesses until the warm-up has measured: milliseconds of a call, of a token, of an image. */
    private static final CostModel TEXT_GUESS = CostModel.linear(1, 0.2);

    private static final CostModel IMAGE_GUESS = CostModel.linear(1, 15);

    private ModelOpening() {}

    /**
     * How a model is served.
     *
     * @param texts how texts are batched; its units are tokens
     * @param images how images are batched; each has one unit
     * @param warmUpLimit time of each tower's warm-up; shapes that would pass it are left out
     * @param cache of all models
     */
    public record Plan(
            LaneSettings texts, LaneSettings images, Duration warmUpLimit, VectorCache cache) {}

    /**
     * An open bundle behind its lanes.
     *
     * @param lanes to be drained before the encoder is closed
     */
    record Opened(Model model, Encoder encoder, List<Lane<?, float[]>> lanes) {}

    /**
     * Opens the lanes of a bundle and runs the shapes that matter through them.
     *
     * @throws InferenceException when a tower cannot run
     */
    static Opened open(Encoder encoder, Dispatchers dispatchers, Plan plan) {
        Manifest manifest = encoder.bundle().manifest();
        Lane<TextRow, float[]> texts =
                dispatchers.lane(
                        plan.texts(),
                        TEXT_GUESS,
                        (rows, placement) -> run(encoder.text(), rows, width(placement)),
                        Vectors::hasDirection,
                        plan.cache().of(manifest.space(), encoder.state(Modality.TEXT)));
        Lane<ImageRow, float[]> images =
                dispatchers.lane(
                        plan.images(),
                        IMAGE_GUESS,
                        (rows, placement) ->
                                encoder.image()
                                        .embed(
                                                rows.stream().map(ImageRow::pixels).toList(),
                                                width(placement)),
                        Vectors::hasDirection,
                        plan.cache().of(manifest.space(), encoder.state(Modality.IMAGE)));
        Model model =
                new Model(
                        manifest,
                        encoder.text(),
                        encoder.image(),
                        List.of(encoder.state(Modality.TEXT), encoder.state(Modality.IMAGE)),
                        new LaneTower<>(texts, ModelOpening::size),
                        new LaneTower<>(images, ModelOpening::size),
                        Packing.of(manifest));
        warmUp(texts, textShapes(encoder.text(), plan.texts()), plan.warmUpLimit());
        int side = manifest.image().preprocessing().crop();
        warmUp(images, imageShapes(side, plan.images()), plan.warmUpLimit());
        return new Opened(model, encoder, List.of(texts, images));
    }

    /** Rows of both kinds may wait together; each kind has its own output of the graph. */
    private static List<float[]> run(TextEncoder encoder, List<TextRow> rows, Width width) {
        float[][] results = new float[rows.size()][];
        for (boolean pooled : new boolean[] {false, true}) {
            List<TokenizedText> batch = new ArrayList<>(rows.size());
            for (TextRow row : rows) {
                if (row.pooled() == pooled) {
                    batch.add(row.tokens());
                }
            }
            if (batch.isEmpty()) {
                continue;
            }
            List<float[]> vectors =
                    pooled ? encoder.pool(batch, width) : encoder.embed(batch, width);
            int next = 0;
            for (int i = 0; i < results.length; i++) {
                if (rows.get(i).pooled() == pooled) {
                    results[i] = vectors.get(next++);
                }
            }
        }
        return Arrays.asList(results);
    }

    private static Width width(Placement placement) {
        return placement.cores() == Cores.ALL ? Width.WIDE : Width.NARROW;
    }

    private static LaneTower.Size size(TextRow row) {
        int tokens = row.tokens().length();
        // Three ints a token, and the objects around them.
        return new LaneTower.Size(tokens, 12L * tokens + 100, row);
    }

    private static LaneTower.Size size(ImageRow row) {
        return new LaneTower.Size(
                1, (long) Float.BYTES * row.pixels().values().capacity(), row.digest());
    }

    private static <I> void warmUp(
            Lane<I, float[]> lane, List<List<Job<I>>> batches, Duration limit) {
        try {
            WarmUp warmUp = lane.warmUp(batches, limit);
            LOG.log(
                    Level.INFO,
                    "warmed up {0}: {1} runs in {2} ms{3}",
                    lane.name(),
                    warmUp.runs(),
                    warmUp.took().toMillis(),
                    warmUp.complete() ? "" : ", stopped at the limit");
        } catch (Exception e) {
            throw new InferenceException("the " + lane.name() + " tower cannot run", e);
        }
    }

    /**
     * For each length, the shortest first, so that the limit cuts off what is rarest: one text, a
     * full batch, and a batch of which half is a quarter as long, which tells padding from work.
     */
    private static List<List<Job<TextRow>>> textShapes(TextEncoder encoder, LaneSettings lane) {
        TokenizedText filler = encoder.tokenize("a ".repeat(1024), Task.DOCUMENT);
        List<List<Job<TextRow>>> shapes = new ArrayList<>();
        for (int length : TEXT_LENGTHS) {
            if (length > encoder.maxTokens() || length <= filler.frameTokens()) {
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
    private static List<List<Job<ImageRow>>> imageShapes(int side, LaneSettings lane) {
        FloatBuffer values = FloatBuffer.allocate(Pixels.CHANNELS * side * side);
        Job<ImageRow> job = Job.of(new ImageRow(new Pixels(side, side, values), ""), 1, 0);
        List<List<Job<ImageRow>>> shapes = new ArrayList<>();
        for (int rows = 1; rows <= Math.min(lane.maxRows(), lane.maxUnits()); rows *= 2) {
            shapes.add(Collections.nCopies(rows, job));
        }
        return shapes;
    }
}
