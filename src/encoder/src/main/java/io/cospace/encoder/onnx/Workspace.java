package io.cospace.encoder.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Direct buffers for the inputs and the output of one run at a time, kept for the next. A buffer
 * grows to the largest run it served; what a buffer holds when it is handed out is undefined.
 */
final class Workspace {

    /** A buffer above this size is not kept after its run. */
    private static final int KEPT_BYTES = 64 << 20;

    private final Map<String, ByteBuffer> buffers = new HashMap<>();

    /** As many workspaces as there were runs at once. Safe for use by many threads. */
    static final class Pool {

        private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();

        /** A workspace for the caller alone, until it gives it back. */
        Workspace take() {
            Workspace workspace = idle.poll();
            return workspace == null ? new Workspace() : workspace;
        }

        void giveBack(Workspace workspace) {
            workspace.buffers.values().removeIf(buffer -> buffer.capacity() > KEPT_BYTES);
            idle.add(workspace);
        }
    }

    /** A buffer of {@code count} int64 for the tensor {@code name}. */
    LongBuffer longs(String name, int count) {
        return bytes(name, Math.multiplyExact(count, Long.BYTES)).asLongBuffer();
    }

    /** A buffer of {@code count} float32 for the tensor {@code name}. */
    FloatBuffer floats(String name, int count) {
        return bytes(name, Math.multiplyExact(count, Float.BYTES)).asFloatBuffer();
    }

    private ByteBuffer bytes(String name, int size) {
        ByteBuffer buffer = buffers.get(name);
        if (buffer == null || buffer.capacity() < size) {
            buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            buffers.put(name, buffer);
        }
        return buffer.slice(0, size).order(ByteOrder.nativeOrder());
    }
}
