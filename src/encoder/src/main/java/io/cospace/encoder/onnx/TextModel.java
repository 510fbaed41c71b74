package io.cospace.encoder.onnx;

import io.cospace.encoder.bundle.Manifest.TextInputs;
import io.cospace.encoder.onnx.ModelSignature.Port;
import io.cospace.encoder.text.TokenizedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A text tower's graph: token ids to {@code pooled} [n, d] and {@code embedding} [n, D]. Safe for
 * use by many threads at once; not while it is being closed.
 */
public final class TextModel implements AutoCloseable {

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
            List<TokenizedText> batch, OnnxModel model, String output, int columns) {
        if (batch.isEmpty()) {
            return List.of();
        }
        return model.run(
                workspace -> TextBatch.feeds(layout, model.inputs(), batch, workspace),
                output,
                batch.size(),
                columns);
    }

    private static ModelSignature signature(TextInputs layout, int dimensions, Set<String> found) {
        return new ModelSignature(
                TextBatch.ports(layout, found),
                List.of(
                        Port.floats(POOLED, ModelSignature.OPEN, ModelSignature.ANY),
                        Port.floats(EMBEDDING, ModelSignature.OPEN, dimensions)));
    }
}
