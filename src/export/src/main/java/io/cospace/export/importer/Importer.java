package io.cospace.export.importer;

import io.cospace.export.BundleWriter;
import io.cospace.export.checkpoint.DataType;
import io.cospace.export.checkpoint.Safetensors;
import io.cospace.export.checkpoint.SafetensorsWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.AdapterNetwork;
import io.cospace.export.graph.GraphFile;
import io.cospace.export.graph.Head;
import io.cospace.export.graph.Network;
import io.cospace.export.graph.Part;
import io.cospace.export.graph.Precision;
import io.cospace.export.graph.PrecisionPlan;
import io.cospace.export.graph.TextLayout;
import io.cospace.export.graph.Weights;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the weights and graphs of an import, step by step: a step that was finished by an earlier,
 * interrupted run is not repeated. Weights go from mapping to file tensor by tensor, so memory
 * holds at most a few of them at once.
 */
final class Importer {
    /** Input layout of imported text graphs: no padding between texts. */
    static final TextLayout LAYOUT = TextLayout.PACKED;

    /**
     * Marks, inside the adapter's reference file and so inside the vector space's name, an adapter
     * that takes rows as they are.
     */
    private static final String RAW_INPUT = "__raw_input";

    private final ImportPlan plan;
    private final Set<Precision> precisions;
    private final BundleWriter bundle;
    private final Journal journal;
    private final ProgressBar progress;

    Importer(
            ImportPlan plan,
            Set<Precision> precisions,
            BundleWriter bundle,
            Journal journal,
            ProgressBar progress) {
        this.plan = plan;
        this.precisions = precisions;
        this.bundle = bundle;
        this.journal = journal;
        this.progress = progress;
    }

    /** Number of steps of {@link #write}. */
    static int steps(ImportPlan plan, Set<Precision> precisions) {
        return 2 + (hasAdapterFile(plan) ? 1 : 0) + 2 * precisions.size() + 1;
    }

    /** Writes reference weights, tokenizer and all graphs. */
    void write() {
        ImportParts parts = plan.parts();
        reference("image", parts.image());
        reference("text", parts.text());
        if (hasAdapterFile(plan)) {
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

    private static boolean hasAdapterFile(ImportPlan plan) {
        return plan.parts().adapter().isPresent() || !plan.dense().isEmpty();
    }

    private <T extends Part> void reference(String name, Placed<T> placed) {
        long bytes =
                placed.part().used().stream()
                        .map(placed.source().infos()::get)
                        .mapToLong(info -> info == null ? 0 : info.bytes())
                        .sum();
        String file = name + ".safetensors";
        step(name + " weights", bytes, file, () -> copy(placed).write(bundle.path(file)));
    }

    /** The tensors that a part reads, under the checkpoint's names, as they came. */
    private static <T extends Part> SafetensorsWriter copy(Placed<T> placed) {
        SafetensorsWriter writer = new SafetensorsWriter();
        placed.part().used().forEach(name -> writer.add(name, placed.source().tensors()));
        return writer;
    }

    private void writeAdapterWeights() {
        Optional<Placed<Part.Adapter>> adapter = plan.parts().adapter();
        SafetensorsWriter writer =
                adapter.isPresent() ? copy(adapter.get()) : new SafetensorsWriter();
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
                hasAdapterFile(plan)
                        ? Optional.of(Safetensors.open(bundle.path("adapter.safetensors")))
                        : Optional.empty());
    }

    private void imageGraphs(Opened files) {
        Network network = plan.parts().image().part().network().apply(Weights.of(files.image()));
        precisions.forEach(precision -> graph("image", precision, network));
    }

    private void textGraphs(Opened files) {
        Weights weights = Weights.of(files.text());
        Head head = head(weights, files.adapter());
        int dimensions = plan.parts().image().part().dimensions();
        if (head.dimensions() != dimensions) {
            throw new ImportException(
                    "the image tower gives vectors of %d values, the text tower of %d: name the adapter that was trained between them"
                            .formatted(dimensions, head.dimensions()));
        }
        int skip =
                plan.skipsPrefix()
                        ? TowerProbe.tokensBeforeText(bundle.path("tokenizer.json"), plan.format())
                        : 0;
        Network network =
                plan.parts()
                        .text()
                        .part()
                        .network()
                        .of(weights, LAYOUT, plan.pooling(), skip, head);
        precisions.forEach(precision -> graph("text", precision, network));
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

    private Head head(Weights text, Optional<Safetensors> adapterFile) {
        if (adapterFile.isEmpty()) {
            return plan.parts().text().part().head().apply(text);
        }
        Weights weights = Weights.of(adapterFile.get());
        return plan.parts()
                .adapter()
                .map(placed -> placed.part().head().of(weights, !plan.rawAdapterInput()))
                .orElseGet(() -> DenseLayers.head(plan.dense(), weights));
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
