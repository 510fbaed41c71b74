package io.cospace.encoder.onnx;

import io.cospace.encoder.image.Pixels;
import io.cospace.encoder.onnx.ModelSignature.Port;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * An image tower's graph: {@code pixels} [n, 3, side, side] to {@code embedding} [n, D]. Safe for
 * use by many threads at once; not while it is being closed.
 */
public final class ImageModel implements AutoCloseable {

    private static final String PIXELS = "pixels";
    private static final String EMBEDDING = "embedding";

    private final Sessions sessions;
    private final int side;
    private final int dimensions;

    private ImageModel(Sessions sessions, int side, int dimensions) {
        this.sessions = sessions;
        this.side = side;
        this.dimensions = dimensions;
    }

    /**
     * Loads a graph that reads squares of {@code side} pixels and gives vectors of {@code
     * dimensions}.
     *
     * @throws io.cospace.encoder.error.BundleException when it cannot be loaded or has another
     *     signature
     * @throws io.cospace.encoder.error.DeviceException when the device cannot be had
     */
    public static ImageModel open(Path file, int side, int dimensions, SessionSettings settings) {
        ModelSignature signature =
                new ModelSignature(
                        List.of(
                                Port.floats(
                                        PIXELS, ModelSignature.OPEN, Pixels.CHANNELS, side, side)),
                        List.of(Port.floats(EMBEDDING, ModelSignature.OPEN, dimensions)));
        return new ImageModel(Sessions.open(file, inputs -> signature, settings), side, dimensions);
    }

    /**
     * Unit vectors [n][D], in the order of {@code batch}.
     *
     * @throws IllegalArgumentException when an image has another size than the graph reads
     */
    public List<float[]> embed(List<Pixels> batch, Width width) {
        if (batch.isEmpty()) {
            return List.of();
        }
        for (Pixels pixels : batch) {
            if (pixels.height() != side || pixels.width() != side) {
                throw new IllegalArgumentException(
                        "pixels are %d x %d; must be %d x %d"
                                .formatted(pixels.height(), pixels.width(), side, side));
            }
        }
        return sessions.of(width)
                .run(workspace -> feeds(batch, workspace), EMBEDDING, batch.size(), dimensions);
    }

    @Override
    public void close() {
        sessions.close();
    }

    private List<Feed> feeds(List<Pixels> batch, Workspace workspace) {
        int each = Pixels.CHANNELS * side * side;
        FloatBuffer values = workspace.floats(PIXELS, Math.multiplyExact(batch.size(), each));
        batch.forEach(pixels -> pixels.copyTo(values));
        return List.of(Feed.of(PIXELS, values.flip(), batch.size(), Pixels.CHANNELS, side, side));
    }
}
