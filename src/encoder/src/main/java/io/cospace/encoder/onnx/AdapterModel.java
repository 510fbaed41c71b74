package io.cospace.encoder.onnx;

import io.cospace.encoder.onnx.ModelSignature.Port;
import java.nio.file.Path;
import java.util.List;

/**
 * The graph behind the text tower's pooling: {@code pooled} [n, d] to {@code embedding} [n, D].
 * Safe for use by many threads at once; not while it is being closed.
 */
public final class AdapterModel implements AutoCloseable {

    private static final String POOLED = "pooled";
    private static final String EMBEDDING = "embedding";

    private final OnnxModel model;
    private final int pooledDimensions;
    private final int dimensions;

    private AdapterModel(OnnxModel model, int pooledDimensions, int dimensions) {
        this.model = model;
        this.pooledDimensions = pooledDimensions;
        this.dimensions = dimensions;
    }

    /**
     * Loads a graph from rows of {@code pooledDimensions} to vectors of {@code dimensions}.
     *
     * @throws io.cospace.encoder.error.BundleException when it cannot be loaded or has another
     *     signature
     */
    public static AdapterModel open(
            Path file, int pooledDimensions, int dimensions, SessionSettings settings) {
        ModelSignature signature =
                new ModelSignature(
                        List.of(Port.floats(POOLED, ModelSignature.OPEN, pooledDimensions)),
                        List.of(Port.floats(EMBEDDING, ModelSignature.OPEN, dimensions)));
        OnnxModel model = OnnxModel.open(file, inputs -> signature, settings, Width.NARROW);
        return new AdapterModel(model, pooledDimensions, dimensions);
    }

    /** The unit vector [D] of a pooled row [d]. */
    public float[] embed(float[] pooled) {
        if (pooled.length != pooledDimensions) {
            throw new IllegalArgumentException(
                    "pooled row has " + pooled.length + " values; must have " + pooledDimensions);
        }
        return model.run(
                        workspace ->
                                List.of(
                                        Feed.of(
                                                POOLED,
                                                workspace
                                                        .floats(POOLED, pooled.length)
                                                        .put(pooled)
                                                        .flip(),
                                                1,
                                                pooled.length)),
                        EMBEDDING,
                        1,
                        dimensions)
                .getFirst();
    }

    @Override
    public void close() {
        model.close();
    }
}
