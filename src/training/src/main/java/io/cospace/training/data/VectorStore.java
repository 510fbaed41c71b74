package io.cospace.training.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cospace.export.Digest;
import io.cospace.export.checkpoint.CheckpointException;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Vectors of one length on disk by the content that they were computed from, mapped into memory.
 * They lie in safetensors shards ({@code vectors} [n, d] and {@code keys} [n, 32]) that are written
 * whole under their name or not at all: a run that is killed loses the shard at work and goes on
 * there. The folder belongs to one network at one precision (its fingerprint is the folder's name),
 * and may serve many data sets and runs. Reading is thread-safe; filling is for one thread, and one
 * process.
 */
public final class VectorStore implements AutoCloseable {
    /** Vectors a shard: small enough that a kill loses seconds. */
    private static final int SHARD = 4096;

    private static final int KEY_BYTES = 32;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final int length;
    private final Precision precision;
    private final List<Safetensors> shards = new ArrayList<>();
    private final List<MemorySegment> vectors = new ArrayList<>();
    private final Map<String, Long> places = new HashMap<>(); // key -> shard << 32 | row

    /** How a value is kept. */
    public enum Precision {
        /** Two bytes: unit vectors lose 0.0005 of a value at most. */
        FP16(DataType.F16),
        /** Four bytes, exact. */
        FP32(DataType.F32);

        private final DataType type;

        Precision(DataType type) {
            this.type = type;
        }
    }

    private VectorStore(Path folder, int length, Precision precision) {
        this.folder = folder;
        this.length = length;
        this.precision = precision;
    }

    /**
     * Opens what is there.
     *
     * @param root folder of all stores
     * @param fingerprint names the network and everything else that the vectors depend on beside
     *     the content
     * @param length values of a vector
     * @throws TrainingDataException if a shard is broken or holds vectors of another kind
     */
    public static VectorStore open(Path root, String fingerprint, int length, Precision precision) {
        String name = fingerprint + "-" + precision.name().toLowerCase(Locale.ROOT);
        VectorStore store = new VectorStore(root.resolve(name), length, precision);
        try {
            Files.createDirectories(store.folder);
            try (Stream<Path> files = Files.list(store.folder)) {
                files.filter(f -> f.toString().endsWith(".safetensors"))
                        .sorted()
                        .forEach(store::map);
            }
            return store;
        } catch (IOException e) {
            store.close();
            throw new TrainingDataException(
                    store.folder + ": cannot be opened: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** The key of a text. */
    public static String key(String text) {
        return key(text.getBytes(UTF_8));
    }

    /** The key of any content. */
    public static String key(byte[] content) {
        return HexFormat.of().formatHex(Digest.sha256().digest(content));
    }

    private void map(Path file) {
        try {
            Safetensors shard = Safetensors.open(file);
            shards.add(shard);
            TensorInfo info = shard.info("vectors");
            if (info.rank() != 2 || info.size(1) != length || info.type() != precision.type) {
                throw new TrainingDataException(
                        "%s: vectors are %s; expected %s [n, %d]"
                                .formatted(file, info, precision.type, length));
            }
            vectors.add(shard.segment("vectors"));
            MemorySegment keys = shard.segment("keys");
            for (long row = 0; row < info.size(0); row++) {
                byte[] key =
                        keys.asSlice(row * KEY_BYTES, KEY_BYTES).toArray(ValueLayout.JAVA_BYTE);
                places.putIfAbsent(HexFormat.of().formatHex(key), (shards.size() - 1L) << 32 | row);
            }
        } catch (CheckpointException | IllegalArgumentException e) {
            throw new TrainingDataException(
                    file + ": is no shard of vectors (" + e.getMessage() + "); delete it", e);
        }
    }

    /** Values of a vector. */
    public int length() {
        return length;
    }

    /** How many vectors there are. */
    public int size() {
        return places.size();
    }

    /** Whether the vector of a key is there. */
    public boolean has(String key) {
        return places.containsKey(key);
    }

    /**
     * Computes what is missing, a shard at a time.
     *
     * @param keys of all that is wanted
     * @param compute the vectors [n][length] of some of these keys, in their order
     * @param progress told after each shard how many of the missing ones are there
     */
    public void fill(
            List<String> keys,
            Function<List<String>, List<float[]>> compute,
            LongConsumer progress) {
        List<String> missing =
                List.copyOf(new LinkedHashSet<>(keys)).stream().filter(k -> !has(k)).toList();
        for (int from = 0; from < missing.size(); from += SHARD) {
            List<String> part = missing.subList(from, Math.min(missing.size(), from + SHARD));
            Path file = folder.resolve(VectorStore.key(String.join("", part)) + ".safetensors");
            write(file, part, compute.apply(part));
            map(file);
            progress.accept(from + part.size());
        }
    }

    private void write(Path file, List<String> keys, List<float[]> rows) {
        if (rows.size() != keys.size()) {
            throw new IllegalStateException(
                    "this is a bug: " + rows.size() + " vectors for " + keys.size() + " keys");
        }
        ByteBuffer names = ByteBuffer.allocate(keys.size() * KEY_BYTES);
        keys.forEach(key -> names.put(HexFormat.of().parseHex(key)));
        ByteBuffer values =
                ByteBuffer.allocate(
                                Math.multiplyExact(
                                        Math.multiplyExact(keys.size(), length),
                                        precision.type.bytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            if (row.length != length) {
                throw new TrainingDataException(
                        "a vector has %d values; %d expected".formatted(row.length, length));
            }
            for (float value : row) {
                put(values, value);
            }
        }
        new SafetensorsWriter()
                .add("vectors", new TensorInfo(precision.type, keys.size(), length), values.flip())
                .add("keys", new TensorInfo(DataType.U8, keys.size(), KEY_BYTES), names.flip())
                .write(file);
    }

    private void put(ByteBuffer to, float value) {
        switch (precision) {
            case FP16 -> to.putShort(Float.floatToFloat16(value));
            case FP32 -> to.putFloat(value);
        }
    }

    /**
     * Copies the vector of a key to {@code into} from {@code at} on.
     *
     * @throws TrainingDataException if it is not there
     */
    public void read(String key, float[] into, int at) {
        Long place = places.get(key);
        if (place == null) {
            throw new TrainingDataException(folder + " holds no vector " + key);
        }
        MemorySegment shard = vectors.get((int) (place >>> 32));
        long first = (place & 0xffff_ffffL) * length;
        for (int i = 0; i < length; i++) {
            into[at + i] =
                    switch (precision) {
                        case FP16 -> Float.float16ToFloat(shard.getAtIndex(HALF, first + i));
                        case FP32 -> shard.getAtIndex(FLOAT, first + i);
                    };
        }
    }

    /** The vector of a key. */
    public float[] read(String key) {
        float[] vector = new float[length];
        read(key, vector, 0);
        return vector;
    }

    @Override
    public void close() {
        shards.forEach(Safetensors::close);
        shards.clear();
    }
}
