package io.cospace.encoder.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** The tensors of one golden file (safetensors: length, JSON header, data) as tests read them. */
final class GoldenTensors {
    private final JsonNode header;
    private final ByteBuffer data;

    private GoldenTensors(JsonNode header, ByteBuffer data) {
        this.header = header;
        this.data = data;
    }

    static GoldenTensors of(String name) throws IOException {
        ByteBuffer file =
                ByteBuffer.wrap(Golden.bytes("expected/" + name + ".safetensors"))
                        .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        return new GoldenTensors(
                new ObjectMapper().readTree(header), file.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        header.fieldNames().forEachRemaining(names::add);
        names.remove("__metadata__");
        return List.copyOf(names);
    }

    boolean has(String name) {
        return header.has(name);
    }

    int dimension(String name, int axis) {
        return header.get(name).get("shape").get(axis).asInt();
    }

    byte[] bytes(String name) {
        byte[] bytes = new byte[end(name) - begin(name)];
        data.get(begin(name), bytes);
        return bytes;
    }

    float[] floats(String name) {
        float[] floats = new float[(end(name) - begin(name)) / 4];
        data.duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(begin(name))
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        return floats;
    }

    private int begin(String name) {
        return header.get(name).get("data_offsets").get(0).asInt();
    }

    private int end(String name) {
        return header.get(name).get("data_offsets").get(1).asInt();
    }

    /** Files of {@code golden/preprocess}. */
    static final class Golden {
        private Golden() {}

        static byte[] bytes(String name) throws IOException {
            try (InputStream in =
                    GoldenTensors.class.getResourceAsStream("/golden/preprocess/" + name)) {
                return Objects.requireNonNull(in, () -> "no golden file " + name).readAllBytes();
            }
        }

        /** File names of all pictures that the manifest lists. */
        static List<String> images() {
            try {
                return new ObjectMapper()
                        .readTree(bytes("manifest.json"))
                        .get("images")
                        .findValuesAsText("file");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
