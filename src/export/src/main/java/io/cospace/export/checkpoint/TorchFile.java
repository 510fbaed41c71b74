package io.cospace.export.checkpoint;

import io.cospace.export.checkpoint.PickleValue.Storage;
import io.cospace.export.checkpoint.PickleValue.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of {@code torch.save}: the zip container (also of {@code torch.jit.save}, whose code is
 * ignored) or the older bare sequence of pickles. Storages are mapped, not read. The names are
 * those of {@link StateDict}. After torch/serialization.py ({@code _load}, {@code _legacy_load}).
 */
final class TorchFile implements ViewSource {
    /** First pickle of the bare container. */
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    private static final long LEGACY_PROTOCOL = 1001;
    private static final int MAX_LEGACY_START = 64;

    private final MappedFile file;
    private final Map<String, TensorView> views;

    private TorchFile(MappedFile file, Map<String, TensorView> views) {
        this.file = file;
        this.views = views;
    }

    /** Whether a file starts as a bare sequence of pickles does: PROTO 2, LONG1 of 10 bytes. */
    static boolean isLegacy(MappedFile file) {
        return file.size() > MAX_LEGACY_START
                && file.bytes().get(ValueLayout.JAVA_BYTE, 0) == (byte) 0x80
                && file.bytes().get(ValueLayout.JAVA_BYTE, 2) == (byte) 0x8a;
    }

    /** Reads the names, types and shapes of a mapped file; owns the mapping if it succeeds. */
    static TorchFile open(MappedFile file) {
        return ZipArchive.matches(file) ? openZip(file) : openLegacy(file);
    }

    private static TorchFile openZip(MappedFile file) {
        ZipArchive zip = ZipArchive.open(file);
        String root = root(file, zip);
        if (zip.contains(root + "byteorder")) {
            MemorySegment order = zip.bytes(root + "byteorder");
            if (order.byteSize() != 6 || !text(order).equals("little")) {
                throw new CheckpointException(file.path(), "is not little-endian");
            }
        }
        PickleInput in = new PickleInput(file.path(), zip.bytes(root + "data.pkl"));
        Object object = new PickleMachine(in).run();
        return of(file, object, key -> zip.bytes(root + "data/" + key));
    }

    private static String root(MappedFile file, ZipArchive zip) {
        String root = null;
        for (String name : zip.names()) {
            if (name.endsWith("/data.pkl") && name.indexOf('/') == name.lastIndexOf('/')) {
                if (root != null) {
                    throw new CheckpointException(file.path(), "holds more than one data.pkl");
                }
                root = name.substring(0, name.length() - "data.pkl".length());
            }
        }
        if (root == null) {
            throw new CheckpointException(
                    file.path(), "is a zip file without data.pkl, so not of torch.save");
        }
        return root;
    }

    private static TorchFile openLegacy(MappedFile file) {
        PickleInput in = new PickleInput(file.path(), file.bytes());
        if (!MAGIC.equals(new PickleMachine(in).run())) {
            throw new CheckpointException(file.path(), "does not start as a file of torch.save");
        }
        if (!Long.valueOf(LEGACY_PROTOCOL).equals(new PickleMachine(in).run())) {
            throw new CheckpointException(
                    file.path(), "is of another torch.save protocol than " + LEGACY_PROTOCOL);
        }
        if (!(new PickleMachine(in).run() instanceof Map<?, ?> system)
                || !Boolean.TRUE.equals(system.get("little_endian"))) {
            throw new CheckpointException(file.path(), "is not little-endian");
        }
        Object object = new PickleMachine(in).run();
        Map<String, MemorySegment> storages = legacyStorages(file, in, StateDict.storages(object));
        return of(
                file,
                object,
                key -> {
                    MemorySegment bytes = storages.get(key);
                    if (bytes == null) {
                        throw new CheckpointException(file.path(), "holds no storage " + key);
                    }
                    return bytes;
                });
    }

    /** Behind the object: the keys in order, then for each an element count and the bytes. */
    private static Map<String, MemorySegment> legacyStorages(
            MappedFile file, PickleInput in, Map<String, Storage> known) {
        if (!(new PickleMachine(in).run() instanceof List<?> keys)) {
            throw new CheckpointException(file.path(), "holds no list of storages");
        }
        Map<String, MemorySegment> storages = new LinkedHashMap<>();
        for (Object key : keys) {
            Storage storage = key instanceof String name ? known.get(name) : null;
            if (storage == null) {
                throw new CheckpointException(
                        file.path(), "lists a storage " + key + " that no tensor refers to");
            }
            long elements = in.i64();
            if (elements < 0 || elements > file.size()) {
                throw in.bad("storage " + key + " of " + elements + " elements");
            }
            storages.put(storage.key(), in.slice(elements * storage.type().bytes()));
        }
        return storages;
    }

    private interface Storages {
        MemorySegment bytes(String key);
    }

    private static TorchFile of(MappedFile file, @Nullable Object object, Storages storages) {
        Map<String, TensorView> views = new LinkedHashMap<>();
        StateDict.tensors(file.path(), object)
                .forEach((name, tensor) -> views.put(name, view(file, name, tensor, storages)));
        return new TorchFile(file, views);
    }

    private static TensorView view(MappedFile file, String name, Tensor tensor, Storages storages) {
        Storage storage = tensor.storage();
        MemorySegment bytes = storages.bytes(storage.key());
        int size = storage.type().bytes();
        long available = bytes.byteSize() / size;
        if (storage.start() > available || storage.elements() > available - storage.start()) {
            throw new CheckpointException(
                    file.path(),
                    "tensor "
                            + name
                            + " lies in a storage of "
                            + storage.elements()
                            + " elements, of which the file holds "
                            + available);
        }
        MemorySegment window = bytes.asSlice(storage.start() * size, storage.elements() * size);
        return TensorView.strided(
                file.path(),
                name,
                info(file, name, tensor),
                window,
                tensor.offset(),
                longs(tensor.stride()));
    }

    private static TensorInfo info(MappedFile file, String name, Tensor tensor) {
        try {
            return new TensorInfo(tensor.type(), longs(tensor.shape()));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file.path(), "tensor " + name + ": " + e.getMessage(), e);
        }
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static String text(MemorySegment bytes) {
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(views.keySet());
    }

    @Override
    public TensorView view(String name) {
        TensorView view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException(file.path() + " holds no tensor " + name);
        }
        return view;
    }

    @Override
    public void close() {
        file.close();
    }
}
