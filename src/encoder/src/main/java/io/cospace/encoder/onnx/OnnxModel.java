package io.cospace.encoder.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.cospace.encoder.error.BundleException;
import io.cospace.encoder.error.DeviceException;
import io.cospace.encoder.error.InferenceException;
import io.cospace.encoder.math.Vectors;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One session of a graph: loaded once, run by any number of threads at once. Weights beside the
 * graph are mapped, not copied, as far as the runtime does not rearrange them. Must not be closed
 * while a run is under way.
 */
final class OnnxModel implements AutoCloseable {

    private final String file;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Workspace.Pool workspaces = new Workspace.Pool();

    private OnnxModel(String file, OrtEnvironment environment, OrtSession session) {
        this.file = file;
        this.environment = environment;
        this.session = session;
    }

    /**
     * Loads {@code file} and the weights that it points to.
     *
     * @param signature from the names of the graph's inputs, what inputs and outputs it must have
     * @throws BundleException when it cannot be loaded or has another signature
     * @throws DeviceException when the device cannot be had
     */
    static OnnxModel open(
            Path file,
            Function<Set<String>, ModelSignature> signature,
            SessionSettings settings,
            Width width) {
        String name = file.getFileName().toString();
        OrtEnvironment environment = environment();
        try (OrtSession.SessionOptions options = settings.toOptions(width)) {
            OrtSession session = environment.createSession(file.toString(), options);
            OnnxModel model = new OnnxModel(name, environment, session);
            try {
                Map<String, NodeInfo> inputs = session.getInputInfo();
                signature.apply(inputs.keySet()).check(name, inputs, session.getOutputInfo());
                return model;
            } catch (OrtException | RuntimeException e) {
                model.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new BundleException(name, "cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** Names of the graph's inputs. */
    Set<String> inputs() {
        return session.getInputNames();
    }

    /** Last dimension of an output, as the graph states it. */
    int width(String output) {
        try {
            NodeInfo node = session.getOutputInfo().get(output);
            if (node != null && node.getInfo() instanceof TensorInfo tensor) {
                long[] shape = tensor.getShape();
                return Math.toIntExact(shape[shape.length - 1]);
            }
            throw new IllegalArgumentException(file + " has no tensor " + output);
        } catch (OrtException e) {
            throw new InferenceException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs the graph once.
     *
     * @param feeds writes the inputs into buffers of the workspace it is given
     * @param output name of the output [rows, width] to read; each row must be a finite vector that
     *     is not zero
     * @return the rows, in order
     * @throws InferenceException when the run fails or a row is no such vector
     */
    List<float[]> run(Function<Workspace, List<Feed>> feeds, String output, int rows, int width) {
        Workspace workspace = workspaces.take();
        try {
            FloatBuffer values = workspace.floats(output, rows * width);
            run(feeds.apply(workspace), output, values, rows, width);
            return rows(values, rows, width);
        } catch (OrtException e) {
            throw new InferenceException(
                    file + " failed on a batch of " + rows + ": " + e.getMessage(), e);
        } finally {
            workspaces.giveBack(workspace);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(file + " cannot be closed: " + e.getMessage(), e);
        }
    }

    /** The output is pinned: the runtime writes it straight into {@code values}. */
    private void run(List<Feed> feeds, String output, FloatBuffer values, int rows, int width)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OnnxTensor pinned =
                OnnxTensor.createTensor(environment, values, new long[] {rows, width})) {
            for (Feed feed : feeds) {
                inputs.put(feed.name(), feed.tensor(environment));
            }
            session.run(inputs, Map.of(output, pinned)).close();
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private List<float[]> rows(FloatBuffer values, int rows, int width) {
        List<float[]> result = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            float[] vector = new float[width];
            values.get(row * width, vector);
            if (!Vectors.hasDirection(vector)) {
                throw new InferenceException(
                        "%s gave no finite vector for item %d of a batch of %d"
                                .formatted(file, row, rows));
            }
            result.add(vector);
        }
        return result;
    }

    /** One for the process; errors come as exceptions, so its log is left for what is fatal. */
    static OrtEnvironment environment() {
        boolean _ = Telemetry.off();
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "cospace");
    }
}
