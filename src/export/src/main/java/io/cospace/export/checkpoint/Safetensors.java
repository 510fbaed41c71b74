package io.cospace.export.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * One safetensors file, mapped. Format: 8 bytes little-endian header length, a JSON header, then
 * the tensors without gaps (github.com/huggingface/safetensors, README "Format"). Everything that
 * the header claims is checked at open, so that no later read can leave the file.
 */
public final class Safetensors implements ViewSource {
    private final MappedFile file;
    private final SafetensorsHeader header;

    private Safetensors(MappedFile file, SafetensorsHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * Opens and checks a file.
     *
     * @throws CheckpointException if it is not a sound safetensors file; names file and tensor
     */
    public static Safetensors open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return open(file);
        } catch (CheckpointException e) {
            file.close();
            throw e;
        }
    }

    /** Checks a mapped file; owns the mapping if it succeeds. */
    static Safetensors open(MappedFile file) {
        return new Safetensors(file, SafetensorsHeader.parse(file));
    }

    /** The file itself. */
    public Path file() {
        return file.path();
    }

    /** The header's {@code __metadata__}; empty if there is none. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** Where a tensor's bytes start, counted from the start of the file. */
    public long offset(String name) {
        return entry(name).offset();
    }

    /** How many bytes a tensor has. */
    public long length(String name) {
        return entry(name).info().bytes();
    }

    /** The mapped bytes of a tensor of any size, read-only; valid until this is closed. */
    public MemorySegment segment(String name) {
        return file.bytes().asSlice(offset(name), length(name));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public TensorView view(String name) {
        return TensorView.whole(file(), name, entry(name).info(), segment(name));
    }

    @Override
    public void close() {
        file.close();
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(file() + " holds no tensor " + name);
        }
        return entry;
    }
}
