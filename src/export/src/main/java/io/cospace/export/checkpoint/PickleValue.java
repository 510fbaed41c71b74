package io.cospace.export.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an unpickled object can be, besides {@link String}, {@link Long}, {@link Double}, {@link
 * Boolean}, {@code null}, {@link java.math.BigInteger}, {@link List} (tuples, lists and sets) and
 * {@link Map} (dictionaries).
 */
sealed interface PickleValue {
    /** The name of a Python class or function, as {@code module.name}; never looked up. */
    record Global(String name) implements PickleValue {}

    /**
     * A storage that a tensor refers to.
     *
     * @param type element type, or U8 for an untyped storage
     * @param untyped whether {@code elements} counts bytes whose type comes with the tensor
     * @param key name of the storage in this file
     * @param start first element within the storage of that name
     * @param elements number of elements
     */
    record Storage(DataType type, boolean untyped, String key, long start, long elements)
            implements PickleValue {}

    /** A tensor: a strided window on a storage, all counted in elements. */
    record Tensor(DataType type, Storage storage, long offset, List<Long> shape, List<Long> stride)
            implements PickleValue {}

    /** An object of a TorchScript class: its attributes by name. */
    record Module(Map<Object, @Nullable Object> attributes) implements PickleValue {
        Module() {
            this(new LinkedHashMap<>());
        }
    }

    /** Bytes, and everything else whose content no checkpoint needs. */
    record Opaque(String what) implements PickleValue {}
}
