package io.cospace.export.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Runs a written model on the CPU, one thread, with the settings that serve it otherwise. */
final class GraphRunner implements AutoCloseable {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;
    private final Map<String, OnnxTensor> feeds = new HashMap<>();

    GraphRunner(Path model) throws OrtException {
        this(model, new OrtSession.SessionOptions());
    }

    GraphRunner(Path model, OrtSession.SessionOptions options) throws OrtException {
        try (options) {
            options.setIntraOpNumThreads(1);
            session = ENVIRONMENT.createSession(model.toString(), options);
        }
    }

    GraphRunner floats(String name, float[] values, long... shape) throws OrtException {
        return feed(name, OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(values), shape));
    }

    GraphRunner longs(String name, long[] values, long... shape) throws OrtException {
        return feed(name, OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(values), shape));
    }

    /** Runs once and returns the outputs, flat. */
    Outputs run() throws OrtException {
        Map<String, float[]> outputs = new HashMap<>();
        try (OrtSession.Result result = session.run(feeds)) {
            for (Map.Entry<String, OnnxValue> output : result) {
                FloatBuffer values = ((OnnxTensor) output.getValue()).getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                outputs.put(output.getKey(), copy);
            }
        }
        return new Outputs(outputs);
    }

    /** What a run gave. */
    record Outputs(Map<String, float[]> values) {
        float[] get(String name) {
            return Objects.requireNonNull(values.get(name), name);
        }
    }

    private GraphRunner feed(String name, OnnxTensor tensor) {
        OnnxTensor before = feeds.put(name, tensor);
        if (before != null) {
            before.close();
        }
        return this;
    }

    @Override
    public void close() throws OrtException {
        feeds.values().forEach(OnnxTensor::close);
        session.close();
    }
}
