package io.cospace.encoder.onnx;

import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.onnx.ModelSignature.Port;
import io.cospace.encoder.text.TokenizedText;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A text tower's graph: token ids to {@code pooled} [n, d] and {@code embedding} [n, D]. The one
 * place that lays texts out as tensors. Safe for use by many threads at once; not while it is being
 * closed.
 */
public final class TextModel implements AutoCloseable {

    private static final String IDS = "input_ids";
    private static final String LENGTHS = "lengths";
    private static final String MASK = "attention_mask";
    private static final String POOLED = "pooled";
    private static final String EMBEDDING = "embedding";

    private final Sessions sessions;
    private final TextInputs layout;
    private final int dimensions;
    private final int pooledDimensions;

    private TextModel(Sessions sessions, TextInputs layout, int dimensions) {
        this.sessions = sessions;
        this.layout = layout;
        this.dimensions = dimensions;
        this.pooledDimensions = sessions.of(Width.NARROW).width(POOLED);
    }

    /**
     * Loads a graph that reads batches in {@code layout} and gives vectors of {@code dimensions}.
     *
     * @throws io.cospace.encoder.error.BundleException when it cannot be loaded or has another
     *     signature
     * @throws io.cospace.encoder.error.DeviceException when the device cannot be had
     */
    public static TextModel open(
            Path file, TextInputs layout, int dimensions, SessionSettings settings) {
        return new TextModel(
                Sessions.open(file, inputs -> signature(layout, dimensions, inputs), settings),
                layout,
                dimensions);
    }

    /** Length d of a pooled row. */
    public int pooledDimensions() {
        return pooledDimensions;
    }

    /** Unit vectors [n][D], in the order of {@code batch}. */
    public List<float[]> embed(List<TokenizedText> batch, Width width) {
        return run(batch, sessions.of(width), EMBEDDING, dimensions);
    }

    /** Pooled rows [n][d], in the order of {@code batch}. */
    public List<float[]> pool(List<TokenizedText> batch, Width width) {
        return run(batch, sessions.of(width), POOLED, pooledDimensions);
    }

    @Override
    public void close() {
        sessions.close();
    }

    private List<float[]> run(
            List<TokenizedText> batch, OnnxModel model, String output, int width) {
        if (batch.isEmpty()) {
            return List.of();
        }
        return model.run(
                workspace ->
                        switch (layout) {
                            case PADDED -> padded(batch, model, workspace);
                            case PACKED -> packed(batch, workspace);
                        },
                output,
                batch.size(),
                width);
    }

    /**
     * {@code input_ids} [n, s], padded with zeros on the right, and what tells text from padding,
     * if the graph wants it.
     */
    private static List<Feed> padded(
            List<TokenizedText> batch, OnnxModel model, Workspace workspace) {
        int rows = batch.size();
        int columns = batch.stream().mapToInt(TokenizedText::length).max().orElseThrow();
        LongBuffer ids = workspace.longs(IDS, Math.multiplyExact(rows, columns));
        for (TokenizedText text : batch) {
            text.copyTo(ids);
            fill(ids, 0, columns - text.length());
        }
        List<Feed> feeds = new ArrayList<>();
        feeds.add(Feed.of(IDS, ids.flip(), rows, columns));
        if (model.reads(LENGTHS)) {
            feeds.add(lengths(batch, workspace));
        }
        if (model.reads(MASK)) {
            LongBuffer mask = workspace.longs(MASK, rows * columns);
            for (TokenizedText text : batch) {
                fill(mask, 1, text.length());
                fill(mask, 0, columns - text.length());
            }
            feeds.add(Feed.of(MASK, mask.flip(), rows, columns));
        }
        return feeds;
    }

    /** {@code input_ids} [t], all texts one behind the other, and {@code lengths} [n]. */
    private static List<Feed> packed(List<TokenizedText> batch, Workspace workspace) {
        int tokens = batch.stream().mapToInt(TokenizedText::length).reduce(0, Math::addExact);
        LongBuffer ids = workspace.longs(IDS, tokens);
        batch.forEach(text -> text.copyTo(ids));
        return List.of(Feed.of(IDS, ids.flip(), tokens), lengths(batch, workspace));
    }

    private static Feed lengths(List<TokenizedText> batch, Workspace workspace) {
        LongBuffer lengths = workspace.longs(LENGTHS, batch.size());
        batch.forEach(text -> lengths.put(text.length()));
        return Feed.of(LENGTHS, lengths.flip(), batch.size());
    }

    private static void fill(LongBuffer target, long value, int count) {
        for (int i = 0; i < count; i++) {
            target.put(value);
        }
    }

    /**
     * A padded graph may tell padding by lengths or by a mask, or, when it looks only back, not at
     * all.
     */
    private static ModelSignature signature(TextInputs layout, int dimensions, Set<String> found) {
        long open = ModelSignature.OPEN;
        List<Port> inputs =
                switch (layout) {
                    case PACKED -> List.of(Port.longs(IDS, open), Port.longs(LENGTHS, open));
                    case PADDED -> {
                        Port ids = Port.longs(IDS, open, open);
                        yield found.contains(MASK)
                                ? List.of(ids, Port.longs(MASK, open, open))
                                : found.size() > 1
                                        ? List.of(ids, Port.longs(LENGTHS, open))
                                        : List.of(ids);
                    }
                };
        return new ModelSignature(
                inputs,
                List.of(
                        Port.floats(POOLED, open, ModelSignature.ANY),
                        Port.floats(EMBEDDING, open, dimensions)));
    }
}
