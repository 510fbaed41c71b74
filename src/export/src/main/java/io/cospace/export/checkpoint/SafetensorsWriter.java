package io.cospace.export.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects tensors and writes them as one safetensors file: the same tensors give the same bytes,
 * whatever the order they were added in. The data start at a multiple of 64 bytes; tensors follow
 * by element size, largest first, then by name, so that each is aligned to its element without gaps
 * (which the format forbids). Bytes are asked for only when it is a tensor's turn to be written, so
 * that what exceeds memory can be written tensor by tensor. Not thread-safe.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 64;
    private static final int CHUNK_BYTES = 1 << 20;

    private final Map<String, Tensor> tensors = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /** Gives the bytes of one tensor when it is its turn; called once for each written file. */
    @FunctionalInterface
    public interface Content {
        /** Writes exactly the tensor's bytes, row-major and little-endian. */
        void writeTo(WritableByteChannel target) throws IOException;
    }

    /**
     * Where a tensor lies in the written file: what ONNX external data points at.
     *
     * @param offset bytes from the start of the file
     * @param length bytes of the tensor
     */
    public record Extent(long offset, long length) {}

    private record Tensor(TensorInfo info, Content content) {}

    /** Adds a tensor whose bytes come later; a name can be added once. */
    public SafetensorsWriter add(String name, TensorInfo info, Content content) {
        if (name.isEmpty() || name.equals("__metadata__")) {
            throw new IllegalArgumentException("\"" + name + "\" cannot name a tensor");
        }
        if (tensors.putIfAbsent(name, new Tensor(info, content)) != null) {
            throw new IllegalArgumentException("tensor " + name + " was added before");
        }
        return this;
    }

    /** Adds floats as F32; the array is read when the file is written. */
    public SafetensorsWriter add(String name, float[] values, long... shape) {
        TensorInfo info = checked(name, new TensorInfo(DataType.F32, shape), 4L * values.length);
        return add(name, info, target -> writeFloats(target, values));
    }

    /** Adds the remaining bytes of a buffer, which is left as it is and read at writing. */
    public SafetensorsWriter add(String name, TensorInfo info, ByteBuffer bytes) {
        checked(name, info, bytes.remaining());
        return add(name, info, target -> writeAll(target, bytes.duplicate()));
    }

    /** Adds a tensor of a source under its own name, byte for byte; the source must stay open. */
    public SafetensorsWriter add(String name, TensorSource source) {
        return add(name, name, source);
    }

    /** Adds a tensor of a source under a new name, byte for byte; the source must stay open. */
    public SafetensorsWriter add(String name, String nameInSource, TensorSource source) {
        TensorInfo info = source.info(nameInSource);
        return add(name, info, target -> source.copy(nameInSource, target));
    }

    /** Adds a pair to the header's {@code __metadata__}. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Where each tensor will lie, for the tensors added so far; any further one may move them. */
    public Map<String, Extent> extents() {
        return extents(header().length);
    }

    /**
     * Writes the file in one step: it has its name only when it is whole.
     *
     * @throws UncheckedIOException if it cannot be written; nothing is left behind
     */
    public Map<String, Extent> write(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            byte[] header = header();
            try (FileChannel channel =
                    FileChannel.open(
                            part,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                writeAll(channel, ByteBuffer.wrap(header));
                for (Map.Entry<String, Tensor> e : sorted()) {
                    writeTensor(channel, e.getKey(), e.getValue());
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return extents(header.length);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        } finally {
            deleteQuietly(part);
        }
    }

    private static void writeTensor(FileChannel channel, String name, Tensor tensor)
            throws IOException {
        long before = channel.position();
        tensor.content().writeTo(channel);
        long written = channel.position() - before;
        if (written != tensor.info().bytes()) {
            throw new IllegalStateException(
                    "tensor "
                            + name
                            + " "
                            + tensor.info()
                            + " has "
                            + tensor.info().bytes()
                            + " bytes; its content gave "
                            + written);
        }
    }

    private List<Map.Entry<String, Tensor>> sorted() {
        List<Map.Entry<String, Tensor>> list = new ArrayList<>(tensors.entrySet());
        list.sort(
                Comparator.comparingInt(
                        (Map.Entry<String, Tensor> e) -> -e.getValue().info().type().bytes()));
        return list;
    }

    private Map<String, Extent> extents(long start) {
        Map<String, Extent> extents = new LinkedHashMap<>();
        long at = start;
        for (Map.Entry<String, Tensor> e : sorted()) {
            long length = e.getValue().info().bytes();
            extents.put(e.getKey(), new Extent(at, length));
            at += length;
        }
        return extents;
    }

    /** Length field, JSON, and spaces up to the alignment. */
    private byte[] header() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (!metadata.isEmpty()) {
            ObjectNode pairs = root.putObject("__metadata__");
            metadata.forEach(pairs::put);
        }
        long at = 0;
        for (Map.Entry<String, Tensor> e : sorted()) {
            TensorInfo info = e.getValue().info();
            ObjectNode node = root.putObject(e.getKey()).put("dtype", info.type().name());
            ArrayNode shape = node.putArray("shape");
            for (long side : info.shape()) {
                shape.add(side);
            }
            node.putArray("data_offsets").add(at).add(at + info.bytes());
            at += info.bytes();
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int length = Math.ceilDiv(8 + json.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(length - 8).put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.array();
    }

    private static TensorInfo checked(String name, TensorInfo info, long bytes) {
        if (info.bytes() != bytes) {
            throw new IllegalArgumentException(
                    "tensor "
                            + name
                            + " "
                            + info
                            + " needs "
                            + info.bytes()
                            + " bytes; got "
                            + bytes);
        }
        return info;
    }

    private static void writeFloats(WritableByteChannel target, float[] values) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK_BYTES / 4) {
            int count = Math.min(CHUNK_BYTES / 4, values.length - from);
            chunk.clear().asFloatBuffer().put(values, from, count);
            writeAll(target, chunk.limit(count * 4));
        }
    }

    private static void writeAll(WritableByteChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // Only reached when writing has failed as well, and that error says more.
            return;
        }
    }
}
