package io.cospace.export.importer;

import io.cospace.export.BundleWriter;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Part;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * fp32 graphs over the weights as they came, of the towers that the bundle holds no such graph of:
 * what its precisions are measured against. They lie in a folder beside the unfinished bundle,
 * which {@link #close} removes; weights that the bundle holds as they came are linked there, others
 * written again.
 */
final class Originals implements AutoCloseable {
    private static final String NAME = "original";

    /** Left free on the disk. */
    private static final long SPARE = 1_000_000_000;

    private final ImportPlan plan;
    private final ImportOptions options;
    private final BundleWriter bundle;
    private final Path folder;

    Originals(ImportPlan plan, ImportOptions options, BundleWriter bundle) {
        this.plan = plan;
        this.options = options;
        this.bundle = bundle;
        Path staging = bundle.folder();
        folder = staging.resolveSibling(staging.getFileName() + ".original");
        remove();
    }

    /** The image tower's graph; empty if the bundle has it. */
    Optional<Path> image() {
        if (options.imagePrecisions().contains(Precision.FP32)) {
            return Optional.empty();
        }
        Path weights = placed("image.safetensors");
        try (Safetensors image = Safetensors.open(weights)) {
            return Optional.of(GraphFile.write(folder, "image." + NAME, networks().image(image)));
        }
    }

    /**
     * The text tower's graph; empty if the bundle has it, or the disk has no room for the weights.
     */
    Optional<Path> text(PrintWriter progress) {
        boolean packed = options.textStorage().isPacked();
        if (!packed && options.textPrecisions().contains(Precision.FP32)) {
            return Optional.empty();
        }
        if (packed && !hasRoom(plan.parts().text())) {
            progress.println(
                    "the text tower's original weights are not compared: no room on the disk");
            return Optional.empty();
        }
        try (Opened files = new Opened()) {
            Safetensors text = files.open(packed ? original() : placed("text.safetensors"));
            Optional<Safetensors> adapter =
                    Networks.hasAdapterFile(plan)
                            ? Optional.of(files.open(placed("adapter.safetensors")))
                            : Optional.empty();
            return Optional.of(
                    GraphFile.write(
                            folder,
                            "text." + NAME,
                            networks().text(text, networks().head(text, adapter))));
        }
    }

    private Networks networks() {
        return new Networks(plan, bundle.path("tokenizer.json"));
    }

    private boolean hasRoom(Placed<? extends Part> placed) {
        long bytes =
                placed.part().used().stream()
                        .mapToLong(name -> placed.source().tensors().info(name).bytes())
                        .sum();
        try {
            return Files.getFileStore(bundle.folder()).getUsableSpace() > bytes + SPARE;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask for the disk's room", e);
        }
    }

    private Path original() {
        Path file = created().resolve("text.safetensors");
        Importer.copy(plan.parts().text(), TextStorage.ORIGINAL).write(file);
        return file;
    }

    /** A file of the bundle, linked so that graphs here can point into it. */
    private Path placed(String name) {
        Path file = created().resolve(name);
        try {
            Files.createLink(file, bundle.path(name));
        } catch (IOException | UnsupportedOperationException e) {
            try {
                Files.copy(bundle.path(name), file);
            } catch (IOException failed) {
                failed.addSuppressed(e);
                throw new UncheckedIOException("cannot copy " + name, failed);
            }
        }
        return file;
    }

    private Path created() {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }

    @Override
    public void close() {
        remove();
    }

    private void remove() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    /** Files that are closed together. */
    private static final class Opened implements AutoCloseable {
        private final List<Safetensors> files = new ArrayList<>();

        Safetensors open(Path file) {
            Safetensors opened = Safetensors.open(file);
            files.add(opened);
            return opened;
        }

        @Override
        public void close() {
            files.forEach(Safetensors::close);
        }
    }
}
