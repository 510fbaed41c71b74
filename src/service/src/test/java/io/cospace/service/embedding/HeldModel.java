package io.cospace.service.embedding;

import io.cospace.encoder.ImageEncoder;
import io.cospace.encoder.error.ImageException;
import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.Width;
import io.cospace.service.batching.BatchListener;
import io.cospace.service.batching.CostModel;
import io.cospace.service.batching.DispatcherSettings;
import io.cospace.service.batching.Dispatchers;
import io.cospace.service.batching.Lane;
import io.cospace.service.batching.LaneSettings;
import io.cospace.service.batching.Placement;
import io.cospace.service.batching.QueueLimits;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model behind a real lane with one dispatcher, which begins no run, and decodes no image, until
 * the test lets it: so a test knows where an item is when its client goes.
 */
public final class HeldModel implements AutoCloseable {

    private final Dispatchers dispatchers;
    private final Model model;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<TextRow> texts = new CopyOnWriteArrayList<>();
    private final AtomicInteger decoding = new AtomicInteger();

    public HeldModel(BatchListener listener) {
        dispatchers = Dispatchers.start(DispatcherSettings.of(1, QueueLimits.defaults()), listener);
        Lane<TextRow, float[]> lane =
                dispatchers.lane(
                        LaneSettings.of("text", 1, 256),
                        CostModel.linear(1, 1),
                        this::run,
                        _ -> true);
        model =
                FakeModel.withParts(
                        new Images(),
                        new LaneTower<>(
                                lane,
                                row -> new LaneTower.Size(row.tokens().length(), 1, row.tokens())),
                        FakeModel::runImages);
    }

    public Model model() {
        return model;
    }

    /** Lets all go on that is held and that comes. */
    public void release() {
        gate.countDown();
    }

    /** Texts that were run, or are held in their run. */
    public int texts() {
        return texts.size();
    }

    /** Texts that wait for their run. */
    public int waiting() {
        return dispatchers.load().items();
    }

    /** Images that were decoded, or are held in their decoding. */
    public int images() {
        return decoding.get();
    }

    private List<float[]> run(List<TextRow> rows, Placement placement) throws InterruptedException {
        texts.addAll(rows);
        hold();
        return rows.stream().map(row -> FakeModel.vectorOf(row.tokens())).toList();
    }

    private void hold() throws InterruptedException {
        if (!gate.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the test has let nothing go on");
        }
    }

    @Override
    public void close() {
        release();
        dispatchers.close();
    }

    private final class Images implements ImageEncoder {

        @Override
        public Pixels prepare(byte[] image, CompletableFuture<?> unwanted) {
            decoding.incrementAndGet();
            try {
                hold();
            } catch (InterruptedException e) {
                throw new ImageException.Unreadable("interrupted");
            }
            return new Pixels(1, 1, FloatBuffer.allocate(3));
        }

        @Override
        public List<float[]> embed(List<Pixels> batch, Width width) {
            throw new UnsupportedOperationException("the fake's towers run nothing");
        }
    }
}
