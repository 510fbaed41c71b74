package io.cospace.encoder.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cospace.encoder.error.BundleException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The table of contents of a safetensors file: eight bytes little-endian header length, a JSON
 * header, tensor bytes. Just enough of the format to name what a vector space rests on
 * (github.com/huggingface/safetensors, README "Format").
 */
final class SafetensorsIndex {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_HEADER_BYTES = 100_000_000;

    /**
     * One tensor.
     *
     * @param offset first byte, counted from the start of the file
     */
    record Entry(String name, String type, List<Long> shape, long offset, long bytes) {}

    private SafetensorsIndex() {}

    /** The tensors of the file behind {@code channel}, by name; {@code file} is for messages. */
    static List<Entry> read(String file, FileChannel channel) throws IOException {
        ByteBuffer length = bytes(file, channel, 0, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long headerBytes = length.getLong();
        if (headerBytes < 2
                || headerBytes > Math.min(MAX_HEADER_BYTES, channel.size() - Long.BYTES)) {
            throw new BundleException(
                    file, "is not safetensors: header of " + headerBytes + " bytes");
        }
        JsonNode header;
        try {
            header = JSON.readTree(bytes(file, channel, Long.BYTES, (int) headerBytes).array());
        } catch (JsonProcessingException e) {
            throw new BundleException(file, "is not safetensors: the header is not JSON", e);
        }
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> tensor : header.properties()) {
            if (!tensor.getKey().equals("__metadata__")) {
                entries.add(
                        entry(
                                file,
                                tensor.getKey(),
                                tensor.getValue(),
                                Long.BYTES + headerBytes,
                                channel.size()));
            }
        }
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    private static Entry entry(
            String file, String name, JsonNode tensor, long dataStart, long fileBytes) {
        List<Long> shape = new ArrayList<>();
        tensor.path("shape").forEach(dimension -> shape.add(dimension.asLong(-1)));
        long from = tensor.path("data_offsets").path(0).asLong(-1);
        long to = tensor.path("data_offsets").path(1).asLong(-1);
        String type = tensor.path("dtype").asText();
        if (type.isEmpty() || from < 0 || to < from || dataStart + to > fileBytes) {
            throw new BundleException(
                    file,
                    "tensor "
                            + name
                            + " of type '"
                            + type
                            + "' at "
                            + from
                            + ".."
                            + to
                            + " is not in the file");
        }
        return new Entry(name, type, shape, dataStart + from, to - from);
    }

    private static ByteBuffer bytes(String file, FileChannel channel, long at, int count)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new BundleException(
                        file, "is not safetensors: ends after " + channel.size() + " bytes");
            }
        }
        return buffer.flip();
    }
}
