package io.cospace.service.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cospace.encoder.TowerState;
import io.cospace.service.batching.ContentCache;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Vectors by the content they were computed from, kept between calls and shared by all models: the
 * SHA-256 of the space, the tower, its precision and what the tower reads. Bounded by the bytes
 * that it holds; what is asked for rarely goes first. Thread-safe.
 */
public final class VectorCache {

    /**
     * Of an entry beside its vector: key with its digest, array header, table; a round figure above
     * what they take.
     */
    private static final int OVERHEAD_BYTES = 160;

    private final @Nullable Cache<ByteBuffer, float[]> vectors;

    private VectorCache(@Nullable Cache<ByteBuffer, float[]> vectors) {
        this.vectors = vectors;
    }

    /**
     * An empty cache.
     *
     * @param maxBytes 0: nothing is kept
     */
    public static VectorCache of(long maxBytes) {
        if (maxBytes == 0) {
            return new VectorCache(null);
        }
        return new VectorCache(
                Caffeine.newBuilder()
                        .maximumWeight(maxBytes)
                        .weigher((ByteBuffer key, float[] vector) -> weight(vector))
                        .executor(Runnable::run)
                        .build());
    }

    private static int weight(float[] vector) {
        return OVERHEAD_BYTES + Float.BYTES * vector.length;
    }

    /** The part of it that one tower uses. */
    ContentCache<float[]> of(String space, TowerState state) {
        Cache<ByteBuffer, float[]> all = vectors;
        if (all == null) {
            return ContentCache.none();
        }
        byte[] tower =
                "%s\n%s\n%s\n"
                        .formatted(space, state.modality(), state.precision())
                        .getBytes(UTF_8);
        return new ContentCache<>() {
            @Override
            public float @Nullable [] get(Object key) {
                return all.getIfPresent(digest(tower, key));
            }

            @Override
            public void put(Object key, float[] vector) {
                all.put(digest(tower, key), vector);
            }
        };
    }

    /** Key of what a lane takes for equal: a row of tokens, or the digest of an image file. */
    private static ByteBuffer digest(byte[] tower, Object key) {
        MessageDigest digest = sha256();
        digest.update(tower);
        if (key instanceof TextRow row) {
            ByteBuffer ids = ByteBuffer.allocate(1 + Integer.BYTES * row.tokens().length());
            ids.put((byte) (row.pooled() ? 1 : 0));
            for (int i = 0; i < row.tokens().length(); i++) {
                ids.putInt(row.tokens().id(i));
            }
            digest.update(ids.flip());
        } else {
            digest.update(key.toString().getBytes(UTF_8));
        }
        return ByteBuffer.wrap(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
