package io.cospace.export.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file mapped read-only in one piece, of any size. Thread-safe until closed. */
record MappedFile(Path path, MemorySegment bytes, Arena arena) implements AutoCloseable {
    /**
     * Maps a regular file.
     *
     * @throws CheckpointException if it is missing, not a file, or cannot be mapped
     */
    static MappedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path, "no such file");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new MappedFile(path, bytes, arena);
        } catch (IOException e) {
            arena.close();
            throw new CheckpointException(path, "cannot be read: " + e.getMessage(), e);
        }
    }

    long size() {
        return bytes.byteSize();
    }

    /** Unmaps; a second time does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
