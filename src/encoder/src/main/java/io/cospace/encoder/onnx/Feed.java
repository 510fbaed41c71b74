package io.cospace.encoder.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * One input of a run: a name, a shape and the values in a direct buffer, which the run reads in
 * place.
 */
final class Feed {

    private final String name;
    private final Buffer values;
    private final long[] shape;

    private Feed(String name, Buffer values, long[] shape) {
        this.name = name;
        this.values = values;
        this.shape = shape;
    }

    /** Values of int64, from the buffer's position to its limit. */
    static Feed of(String name, LongBuffer values, long... shape) {
        return new Feed(name, values, shape);
    }

    /** Values of float32, from the buffer's position to its limit. */
    static Feed of(String name, FloatBuffer values, long... shape) {
        return new Feed(name, values, shape);
    }

    String name() {
        return name;
    }

    /** A tensor over the buffer, valid until it is closed or the buffer changes. */
    OnnxTensor tensor(OrtEnvironment environment) throws OrtException {
        return switch (values) {
            case LongBuffer longs -> OnnxTensor.createTensor(environment, longs, shape);
            case FloatBuffer floats -> OnnxTensor.createTensor(environment, floats, shape);
            default ->
                    throw new IllegalStateException(
                            "This is a bug: a feed of " + values.getClass());
        };
    }
}
