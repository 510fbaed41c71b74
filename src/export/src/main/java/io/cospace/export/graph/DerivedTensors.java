package io.cospace.export.graph;

import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.SafetensorsWriter.Extent;
import io.cospace.export.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The tensors that one precision of a part needs besides the reference file: quantised weights and
 * their scales, in {@code <part>.<precision>.safetensors}. They are computed when the file is
 * written, one at a time. Not thread-safe.
 */
final class DerivedTensors {
    private final String file;
    private final SafetensorsWriter writer = new SafetensorsWriter();
    private final Set<String> names = new HashSet<>();
    private Map<String, Extent> extents = Map.of();

    DerivedTensors(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /** Adds a tensor; a name that is there already keeps its first content. */
    void add(String name, TensorInfo info, Supplier<ByteBuffer> bytes) {
        if (names.add(name)) {
            writer.add(name, info, channel -> writeAll(channel, bytes.get()));
        }
    }

    /** Writes the file, unless there is nothing to write. */
    void write(Path folder) {
        if (!names.isEmpty()) {
            extents = writer.write(folder.resolve(file));
        }
    }

    /**
     * Where a tensor lies in the written file.
     *
     * @throws IllegalStateException before {@link #write}
     */
    Extent extent(String name) {
        Extent extent = extents.get(name);
        if (extent == null) {
            throw new IllegalStateException(
                    "This is a bug: " + name + " has no place; " + file + " is not written yet");
        }
        return extent;
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
