package io.cospace.export.importer;

import io.cospace.export.BundleWriter;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.checkpoint.TensorSource;
import io.cospace.export.graph.AdapterNetwork;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Network;
import io.cospace.export.graph.Packing;
import io.cospace.export.graph.Part;
import io.cospace.export.graph.Precision;
import io.cospace.export.graph.PrecisionPlan;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes the weights and graphs of an import, step by step: a step that was finished by an earlier,
 * interrupted run is not repeated. Weights go from mapping to file tensor by tensor, so memory
 * holds at most a few of them at once.
 */
final class Importer {
    /**
     * Marks, inside the adapter's reference file and so inside the vector space's name, an adapter
     * that takes rows as they are.
     */
    private static final String RAW_INPUT = "__raw_input";

    private final ImportPlan plan;
    private final ImportOptions options;
    private final Networks networks;
    private final BundleWriter bundle;
    private final Journal journal;
    private final ProgressBar progress;

    Importer(
            ImportPlan plan,
            ImportOptions options,
            BundleWriter bundle,
            Journal journal,
            ProgressBar progress) {
        this.plan = plan;
        this.options = options;
        this.networks = new Networks(plan, bundle.path("tokenizer.json"));
        this.bundle = bundle;
        this.journal = journal;
        this.progress = progress;
    }

    /** Number of steps of {@link #write}. */
    static int steps(ImportPlan plan, ImportOptions options) {
        return 2
                + (Networks.hasAdapterFile(plan) ? 1 : 0)
                + options.imagePrecisions().size()
                + options.textPrecisions().size()
                + 1;
    }

    /** Writes reference weights, tokenizer and all graphs. */
    void write() {
        ImportParts parts = plan.parts();
        reference("image", parts.image(), TextStorage.ORIGINAL);
        reference("text", parts.text(), options.textStorage());
        if (Networks.hasAdapterFile(plan)) {
            step("adapter weights", 0, "adapter.safetensors", this::writeAdapterWeights);
        }
        try {
            Files.write(bundle.path("tokenizer.json"), plan.tokenizer());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write tokenizer.json", e);
        }
        try (Opened files = open()) {
            textGraphs(files);
            imageGraphs(files);
        }
    }

    private <T extends Part> void reference(String name, Placed<T> placed, TextStorage storage) {
        long bytes =
                placed.part().used().stream()
                        .map(placed.source().infos()::get)
                        .mapToLong(info -> info == null ? 0 : info.bytes())
                        .sum();
        String file = name + ".safetensors";
        step(name + " weights", bytes, file, () -> copy(placed, storage).write(bundle.path(file)));
    }

    /** The tensors that a part reads, under the checkpoint's names, as they came or packed. */
    static <T extends Part> SafetensorsWriter copy(Placed<T> placed, TextStorage storage) {
        SafetensorsWriter writer = new SafetensorsWriter();
        TensorSource tensors = placed.source().tensors();
        for (String name : placed.part().used()) {
            storage.of(name, tensors.info(name))
                    .ifPresentOrElse(
                            form -> Packing.add(writer, name, tensors, form),
                            () -> writer.add(name, tensors));
        }
        return writer;
    }

    private void writeAdapterWeights() {
        Optional<Placed<Part.Adapter>> adapter = plan.parts().adapter();
        SafetensorsWriter writer =
                adapter.isPresent()
                        ? copy(adapter.get(), TextStorage.ORIGINAL)
                        : new SafetensorsWriter();
        if (adapter.isPresent() && plan.rawAdapterInput()) {
            writer.add(RAW_INPUT, new TensorInfo(DataType.BOOL), ByteBuffer.wrap(new byte[] {1}));
        }
        try (DenseLayers dense = DenseLayers.open(plan.dense())) {
            dense.addTo(writer);
            writer.write(bundle.path("adapter.safetensors"));
        }
    }

    /** The reference files of the bundle, mapped. */
    private record Opened(Safetensors image, Safetensors text, Optional<Safetensors> adapter)
            implements AutoCloseable {
        @Override
        public void close() {
            image.close();
            text.close();
            adapter.ifPresent(Safetensors::close);
        }
    }

    private Opened open() {
        return new Opened(
                Safetensors.open(bundle.path("image.safetensors")),
                Safetensors.open(bundle.path("text.safetensors")),
                Networks.hasAdapterFile(plan)
                        ? Optional.of(Safetensors.open(bundle.path("adapter.safetensors")))
                        : Optional.empty());
    }

    private void imageGraphs(Opened files) {
        Network network = networks.image(files.image());
        options.imagePrecisions().forEach(precision -> graph("image", precision, network));
    }

    private void textGraphs(Opened files) {
        Head head = networks.head(files.text(), files.adapter());
        Network network = networks.text(files.text(), head);
        options.textPrecisions().forEach(precision -> graph("text", precision, network));
        if (!(head instanceof Head.UnitHead)) {
            step(
                    "adapter graph",
                    0,
                    "adapter.onnx",
                    () -> GraphFile.write(bundle.folder(), "adapter", new AdapterNetwork(head)));
        } else {
            progress.skip("adapter graph");
        }
    }

    private void graph(String part, Precision precision, Network network) {
        String name = part + "." + precision.id();
        step(
                name + " graph",
                0,
                name + ".safetensors",
                () -> GraphFile.write(bundle.folder(), part, PrecisionPlan.of(precision), network));
    }

    private void step(String name, long bytes, String file, Runnable work) {
        if (journal.isDone(name)) {
            progress.skip(name);
            return;
        }
        progress.run(name, bytes, () -> sizeOf(file), work);
        journal.done(name);
    }

    /** Bytes of a file so far: it is written beside its place and moved when it is whole. */
    private long sizeOf(String file) {
        for (Path path : List.of(bundle.path(file), bundle.path("." + file + ".part"))) {
            try {
                if (Files.exists(path)) {
                    return Files.size(path);
                }
            } catch (IOException e) {
                // Moved between the two calls; the next look finds it.
            }
        }
        return 0;
    }
}
