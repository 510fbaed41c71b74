package io.cospace.service.rest;

import io.cospace.service.embedding.EmbedResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A body with what the head says of it.
 *
 * @param type media type
 * @param headers others than that
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Reply(String type, byte[] bytes, Map<String, String> headers) {

    /** Below, packing takes longer than sending what it saves. */
    private static final int LEAST_GZIP_BYTES = 64 << 10;

    static Reply json(byte[] bytes) {
        return new Reply(MediaTypes.JSON, bytes, Map.of());
    }

    /** Vectors as little-endian float32, one after the other. */
    static Reply octets(EmbedResult result) {
        int rows = result.items().size();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(rows * Float.BYTES, result.dimensions()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (EmbedResult.Item item : result.items()) {
            if (!(item instanceof EmbedResult.Embedded embedded)) {
                throw new IllegalStateException("This is a bug: an item without one vector");
            }
            for (float value : embedded.vector().values()) {
                bytes.putFloat(value);
            }
        }
        return new Reply(
                MediaTypes.OCTETS,
                bytes.array(),
                Map.of(
                        "Cospace-Model", result.model(),
                        "Cospace-Space", result.space(),
                        "Cospace-Rows", Integer.toString(rows),
                        "Cospace-Dimensions", Integer.toString(result.dimensions()),
                        "Cospace-Usage",
                                "tokens=%d, images=%d"
                                        .formatted(
                                                result.usage().tokens(), result.usage().images())));
    }

    /** The same packed, where the caller takes that and it is worth while: floats hardly shrink. */
    Reply packed(@Nullable String acceptEncoding) {
        if (bytes.length < LEAST_GZIP_BYTES
                || !type.endsWith("json")
                || !MediaTypes.acceptsGzip(acceptEncoding)) {
            return this;
        }
        Map<String, String> all = new HashMap<>(headers);
        all.put("Content-Encoding", "gzip");
        all.put("Vary", "Accept-Encoding");
        return new Reply(type, Gzip.compress(bytes), Map.copyOf(all));
    }
}
