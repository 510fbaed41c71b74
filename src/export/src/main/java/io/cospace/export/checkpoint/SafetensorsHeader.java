package io.cospace.export.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The checked header of a safetensors file.
 *
 * @param metadata free text pairs
 * @param entries tensors in the order of the header
 */
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
    /** The limit of the reference implementation. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    private static final ValueLayout.OfLong LENGTH =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final String METADATA = "__metadata__";
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(8)
                                                    .maxStringLength((int) MAX_HEADER_BYTES)
                                                    .build())
                                    .build())
                    .build();

    /** One tensor: what it is and where its bytes start in the file. */
    record Entry(TensorInfo info, long offset) {}

    /** Reads and checks the header of a mapped file. */
    static SafetensorsHeader parse(MappedFile file) {
        if (file.size() < 8) {
            throw new CheckpointException(
                    file.path(), "is " + file.size() + " bytes; safetensors need at least 8");
        }
        long length = file.bytes().get(LENGTH, 0);
        if (length < 2 || length > MAX_HEADER_BYTES || length > file.size() - 8) {
            throw new CheckpointException(
                    file.path(),
                    "header length is "
                            + Long.toUnsignedString(length)
                            + "; it must be 2.."
                            + Math.max(2, Math.min(MAX_HEADER_BYTES, file.size() - 8))
                            + " (is this a safetensors file?)");
        }
        JsonNode root = json(file.path(), file.bytes().asSlice(8, length));
        return new Reader(file.path(), 8 + length, file.size() - 8 - length).read(root);
    }

    private static JsonNode json(Path file, MemorySegment header) {
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(header.toArray(ValueLayout.JAVA_BYTE)))
                            .toString();
            try (JsonParser parser = JSON.createParser(text)) {
                JsonNode root = JSON.readTree(parser);
                if (root == null || !root.isObject() || parser.nextToken() != null) {
                    throw new CheckpointException(file, "header is not one JSON object");
                }
                return root;
            }
        } catch (CharacterCodingException e) {
            throw new CheckpointException(file, "header is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    file, "header is not sound JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(file, "header cannot be read: " + e.getMessage(), e);
        }
    }

    /** Turns the JSON of one file's header into entries. */
    private record Reader(Path file, long dataStart, long dataLength) {
        SafetensorsHeader read(JsonNode root) {
            Map<String, String> metadata = new LinkedHashMap<>();
            Map<String, Entry> entries = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : root.properties()) {
                if (field.getKey().equals(METADATA)) {
                    metadata(field.getValue(), metadata);
                } else {
                    entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
                }
            }
            checkCover(entries);
            return new SafetensorsHeader(metadata, entries);
        }

        private void metadata(JsonNode node, Map<String, String> target) {
            if (!node.isObject()) {
                throw new CheckpointException(file, METADATA + " is not an object");
            }
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (!field.getValue().isTextual()) {
                    throw new CheckpointException(
                            file, METADATA + "." + field.getKey() + " is not a string");
                }
                target.put(field.getKey(), field.getValue().textValue());
            }
        }

        private Entry entry(String name, JsonNode node) {
            if (!node.isObject() || node.size() != 3) {
                throw bad(name, "must have exactly dtype, shape and data_offsets");
            }
            TensorInfo info = info(name, type(name, node.path("dtype")), node.path("shape"));
            long[] offsets = longs(name, "data_offsets", node.path("data_offsets"));
            if (offsets.length != 2
                    || offsets[0] < 0
                    || offsets[1] < offsets[0]
                    || offsets[1] > dataLength) {
                throw bad(
                        name,
                        "data_offsets "
                                + node.path("data_offsets")
                                + " must rise within 0.."
                                + dataLength);
            }
            if (offsets[1] - offsets[0] != info.bytes()) {
                throw bad(
                        name,
                        info
                                + " needs "
                                + info.bytes()
                                + " bytes; data_offsets give "
                                + (offsets[1] - offsets[0]));
            }
            return new Entry(info, dataStart + offsets[0]);
        }

        private DataType type(String name, JsonNode node) {
            for (DataType type : DataType.values()) {
                if (node.isTextual() && type.name().equals(node.textValue())) {
                    return type;
                }
            }
            throw bad(name, "dtype " + node + " is not one of " + List.of(DataType.values()));
        }

        private TensorInfo info(String name, DataType type, JsonNode shape) {
            try {
                return new TensorInfo(type, longs(name, "shape", shape));
            } catch (IllegalArgumentException e) {
                throw new CheckpointException(file, "tensor " + name + ": " + e.getMessage(), e);
            }
        }

        private long[] longs(String name, String field, JsonNode node) {
            if (!node.isArray()) {
                throw bad(name, field + " is not an array");
            }
            long[] values = new long[node.size()];
            for (int i = 0; i < values.length; i++) {
                JsonNode value = node.get(i);
                if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                    throw bad(
                            name, field + " " + node + " holds something other than whole numbers");
                }
                values[i] = value.longValue();
            }
            return values;
        }

        /** Tensors must cover the data exactly: no overlap, no gap, no rest. */
        private void checkCover(Map<String, Entry> entries) {
            List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
            sorted.sort(
                    Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().offset())
                            .thenComparingLong(e -> e.getValue().info().bytes()));
            long end = dataStart;
            for (Map.Entry<String, Entry> e : sorted) {
                long start = e.getValue().offset();
                if (start != end) {
                    throw bad(
                            e.getKey(),
                            start < end
                                    ? "overlaps the tensor before it"
                                    : "leaves a gap before it");
                }
                end += e.getValue().info().bytes();
            }
            if (end != dataStart + dataLength) {
                throw new CheckpointException(
                        file,
                        "tensors cover "
                                + (end - dataStart)
                                + " bytes, the file holds "
                                + dataLength);
            }
        }

        private CheckpointException bad(String name, String message) {
            String shown = name.length() > 200 ? name.substring(0, 200) + "..." : name;
            return new CheckpointException(file, "tensor " + shown + ": " + message);
        }
    }
}
