package io.cospace.export.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Opens weights in any container that is published, told apart by content and not by name. */
public final class Checkpoint {
    /** What a folder's weights are called, in the order in which they are looked for. */
    private static final List<String> FOLDER_FILES =
            List.of(
                    "model.safetensors",
                    "model.safetensors.index.json",
                    "open_clip_model.safetensors",
                    "pytorch_model.bin",
                    "pytorch_model.bin.index.json",
                    "open_clip_pytorch_model.bin",
                    "adapter_model.safetensors",
                    "adapter_model.bin");

    private static final List<String> ENDINGS =
            List.of(".safetensors", ".pt", ".pth", ".bin", ".ckpt");

    private Checkpoint() {}

    /**
     * Opens a safetensors file, a file of torch.save (zip or older) or torch.jit.save, an {@code
     * *.index.json} of shards, or a folder that holds one of them. Prefixes that data-parallel
     * training adds to every name are taken off.
     *
     * @throws CheckpointException if it is none of these, or damaged; names the file
     */
    public static TensorSource open(Path path) {
        return RenamedTensors.withoutTrainingPrefix(openFile(weights(path)));
    }

    /** The file of a folder's weights, or the path itself if it is no folder. */
    public static Path weights(Path path) {
        if (!Files.isDirectory(path)) {
            return path;
        }
        for (String name : FOLDER_FILES) {
            if (Files.isRegularFile(path.resolve(name))) {
                return path.resolve(name);
            }
        }
        try (Stream<Path> files = Files.list(path)) {
            List<Path> candidates =
                    files.filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith))
                            .sorted()
                            .toList();
            if (candidates.size() == 1) {
                return candidates.getFirst();
            }
            throw new CheckpointException(
                    path,
                    "holds none of "
                            + FOLDER_FILES
                            + " and "
                            + candidates.size()
                            + " other weight files where there should be one: name the file");
        } catch (IOException e) {
            throw new CheckpointException(path, "cannot be listed: " + e.getMessage(), e);
        }
    }

    /**
     * All files that {@link #open} reads, an index's shards included, in the order of their names.
     */
    public static List<Path> files(Path path) {
        Path file = weights(path);
        return isIndex(file) ? ShardedTensors.files(file) : List.of(file);
    }

    private static boolean isIndex(Path file) {
        return file.getFileName() != null && file.getFileName().toString().endsWith(".index.json");
    }

    /** Opens a file under the names that it holds. */
    static ViewSource openFile(Path path) {
        if (isIndex(path)) {
            return ShardedTensors.open(path);
        }
        MappedFile file = MappedFile.open(path);
        try {
            return ZipArchive.matches(file) || TorchFile.isLegacy(file)
                    ? TorchFile.open(file)
                    : Safetensors.open(file);
        } catch (CheckpointException e) {
            file.close();
            throw e;
        }
    }
}
