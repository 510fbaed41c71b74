package io.cospace.export.graph;

import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.TensorInfo;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of one part of a model under the names that its architecture class uses, whatever the
 * checkpoint calls them. Each is a stored tensor or some of its rows, so that a graph can point at
 * it where it lies. The files stay open as long as this is used. Thread-safe.
 *
 * <p>A matrix may be stored in few bits instead, see {@link BlockForm}.
 */
public final class Weights {
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

    /** The form that a matrix is stored in; empty if it is stored as it is. */
    Optional<BlockForm> form(String matrix) {
        return Arrays.stream(BlockForm.values())
                .filter(form -> slices.containsKey(matrix + form.suffix()))
                .findFirst();
    }

    /** The codes of a matrix in few bits, or the matrix as it is. */
    Slice codes(String matrix) {
        return slice(matrix + form(matrix).map(BlockForm::suffix).orElse(""));
    }

    /** The scales of a matrix in few bits. */
    Slice scales(String matrix) {
        return slice(matrix + BlockForm.SCALE);
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
        return Math.toIntExact(codes(matrix).info().size(0));
    }

    /** Columns of a matrix, packed or not: the size of its input; all dimensions but the first. */
    int columns(String matrix) {
        TensorInfo info = codes(matrix).info();
        return form(matrix).isPresent()
                ? Math.toIntExact(info.size(1)) * BlockForm.GROUP
                : Math.toIntExact(info.elements() / info.size(0));
    }

    /** The numbers of a tensor, row-major; a packed matrix is unpacked. */
    float[] floats(String name) {
        return form(name)
                .map(form -> form.unpack(codes(name).raw(), scales(name).floats()))
                .orElseGet(() -> slice(name).floats());
    }
}
