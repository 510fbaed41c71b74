package io.cospace.export.graph;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.TensorInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of one part of a model under the names that its architecture class uses, whatever the
 * checkpoint calls them. Each is a stored tensor or some of its rows, so that a graph can point at
 * it where it lies. The files stay open as long as this is used. Thread-safe.
 *
 * <p>A matrix {@code x} may be stored in 4 bits, as {@code x_q4} uint8 [out, in/32, 16] (two
 * weights a byte, the lower nibble first) and {@code x_scale} [out, in/32]: {@code W[r, 32 g + j] =
 * (nibble - 8) * scale[r, g]}. Scales may be negative.
 */
public final class Weights {
    /** Weights of one row that share a scale in the 4-bit form. */
    static final int GROUP = 32;

    private final Map<String, Slice> slices;

    private Weights(Map<String, Slice> slices) {
        this.slices = Collections.unmodifiableMap(slices);
    }

    /** All tensors of the files, under their own names. */
    public static Weights of(Safetensors... files) {
        return of(List.of(files));
    }

    /** All tensors of the files, under their own names. */
    public static Weights of(List<Safetensors> files) {
        Map<String, Slice> slices = new LinkedHashMap<>();
        for (Safetensors file : files) {
            for (String name : file.names()) {
                slices.put(name, Slice.whole(file, name));
            }
        }
        return new Weights(slices);
    }

    static Weights of(Map<String, Slice> slices) {
        return new Weights(new LinkedHashMap<>(slices));
    }

    /** The tensors whose names start with a prefix, without it. */
    Weights under(String prefix) {
        Map<String, Slice> inner = new LinkedHashMap<>();
        slices.forEach((name, slice) -> {
            if (name.startsWith(prefix)) {
                inner.put(name.substring(prefix.length()), slice);
            }
        });
        return new Weights(inner);
    }

    public Set<String> names() {
        return slices.keySet();
    }

    boolean has(String name) {
        return slices.containsKey(name);
    }

    /** Whether a matrix is stored in the 4-bit form. */
    boolean isPacked(String matrix) {
        return slices.containsKey(matrix + "_q4");
    }

    /**
     * Where a tensor lies.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    Slice slice(String name) {
        Slice slice = slices.get(name);
        if (slice == null) {
            throw new IllegalArgumentException(
                    "no tensor " + name + " among the " + slices.size() + " of this part");
        }
        return slice;
    }

    TensorInfo info(String name) {
        return slice(name).info();
    }

    /** Rows of a matrix, packed or not: the size of its output. */
    int rows(String matrix) {
        return Math.toIntExact(info(isPacked(matrix) ? matrix + "_q4" : matrix).size(0));
    }

    /** Columns of a matrix, packed or not: the size of its input; all dimensions but the first. */
    int columns(String matrix) {
        if (isPacked(matrix)) {
            return Math.toIntExact(info(matrix + "_q4").size(1)) * GROUP;
        }
        TensorInfo info = info(matrix);
        return Math.toIntExact(info.elements() / info.size(0));
    }

    /** The numbers of a tensor, row-major; a packed matrix is unpacked. */
    float[] floats(String name) {
        return isPacked(name)
                ? FourBit.unpack(slice(name + "_q4").raw(), slice(name + "_scale").floats())
                : slice(name).floats();
    }
}
