package io.cospace.service.embedding;

import io.cospace.encoder.Encoder;
import io.cospace.encoder.Modality;
import io.cospace.encoder.TextEncoder;
import io.cospace.encoder.bundle.Manifest;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.math.Vectors;
import io.cospace.encoder.onnx.Width;
import io.cospace.encoder.text.TokenizedText;
import io.cospace.service.batching.Cores;
import io.cospace.service.batching.CostModel;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.batching.Lane;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.Placement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts an open bundle behind lanes and warms it up, after which it can be served. */
public final class ModelOpening {

    /** Guesses until the warm-up has measured: milliseconds of a call, of a token, of an image. */
    private static final CostModel TEXT_GUESS = CostModel.linear(1, 0.2);

    private static final CostModel IMAGE_GUESS = CostModel.linear(1, 15);

    private ModelOpening() {}

    /**
     * How a model is served.
     *
     * @param texts how texts are batched; its units are tokens
     * @param images how images are batched; each has one unit
     * @param warmUpLimit time of each tower's warm-up before it serves, and again of what is left
     *     for later; shapes that would pass it are left out
     * @param cache of all models
     */
    public record Plan(
            LaneSettings texts, LaneSettings images, Duration warmUpLimit, VectorCache cache) {}

    /**
     * An open bundle behind its lanes.
     *
     * @param lanes to be drained before the encoder is closed
     * @param restOfWarmUp runs what the warm-up left for later, whenever nothing else runs; to be
     *     called once, on a thread of its own, when the model is served
     */
    record Opened(
            Model model, Encoder encoder, List<Lane<?, float[]>> lanes, Runnable restOfWarmUp) {}

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
        WarmUps warmUps = new WarmUps(encoder, plan, texts, images);
        warmUps.first();
        return new Opened(model, encoder, List.of(texts, images), warmUps::rest);
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
        return new LaneTower.Size(1, row.pixels().heldBytes(), row.digest());
    }
}
