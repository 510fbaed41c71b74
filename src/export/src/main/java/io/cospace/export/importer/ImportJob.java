package io.cospace.export.importer;

import io.cospace.export.BundleWriter;
import io.cospace.export.checkpoint.TensorInfo;
import io.cospace.export.graph.Part;
import io.cospace.export.graph.Part.ImageTower;
import io.cospace.export.graph.Part.TextTower;
import io.cospace.export.graph.Precision;
import io.cospace.export.importer.Finisher.Graphs;
import io.cospace.export.importer.ImportParts.Placed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One import from sources to bundle. Nothing is at the target until all of it is; what an
 * interrupted run finished is kept beside the target and used by the next run with the same sources
 * and options.
 *
 * @param sources files and folders
 * @param target {@code models/NAME/VERSION}
 * @param options what the user said
 * @param progress where people read along
 * @param terminal whether {@code progress} is a terminal
 */
record ImportJob(
        List<Path> sources,
        Path target,
        ImportOptions options,
        PrintWriter progress,
        boolean terminal) {
    /**
     * Makes the bundle.
     *
     * @return its folder
     * @throws ImportException if the sources cannot be imported, or a precision is too far from
     *     fp32
     */
    Path run() {
        Optional<OnnxFolder> graphs =
                sources.size() == 1 ? OnnxFolder.find(sources.getFirst()) : Optional.empty();
        return graphs.isPresent()
                ? new OnnxJob(graphs.get(), target, options, progress).run()
                : convert();
    }

    private Path convert() {
        List<ImportSource> opened = new ArrayList<>();
        try {
            open(opened);
            ImportParts parts = ImportParts.choose(opened);
            ImportPlan plan = ImportPlan.of(parts, options);
            report(plan);
            return make(plan, Fingerprint.of(opened, options));
        } finally {
            opened.forEach(ImportSource::close);
        }
    }

    private void open(List<ImportSource> opened) {
        List<Path> adapters = sources.stream().filter(ImportSource::isLora).toList();
        if (adapters.size() > 1) {
            throw new ImportException("one low-rank adapter can be merged, not " + adapters);
        }
        Optional<Path> lora = adapters.stream().findFirst();
        boolean merged = false;
        for (Path path : sources) {
            if (adapters.contains(path)) {
                continue;
            }
            ImportSource source = ImportSource.open(path, Optional.empty(), options);
            opened.add(source);
            if (lora.isPresent() && !merged && isDecoder(source)) {
                source.close();
                opened.removeLast();
                opened.add(ImportSource.open(path, lora, options));
                merged = true;
            }
        }
        if (lora.isPresent() && !merged) {
            throw new ImportException(
                    lora.get(),
                    "is a low-rank adapter, and no embedder was named to merge it into");
        }
    }

    private static boolean isDecoder(ImportSource source) {
        return source.parts().stream().anyMatch(TextTower.class::isInstance)
                && source.parts().stream().noneMatch(ImageTower.class::isInstance);
    }

    private void report(ImportPlan plan) {
        ImportParts parts = plan.parts();
        say("image tower", parts.image());
        say("text tower", parts.text());
        parts.adapter().ifPresent(adapter -> say("adapter", adapter));
        progress.printf(
                "texts: at most %d tokens, pooling %s%s%s%n",
                plan.format().maxTokens(),
                plan.format().pooling(),
                plan.format().prompts().query().isEmpty()
                        ? ""
                        : ", query prompt \"" + plan.format().prompts().query() + "\"",
                plan.format().wrap() == null ? "" : ", in the frame of a chat");
        progress.printf(
                "images: %s to %d px, %s%n",
                plan.preprocessing().resize(),
                plan.preprocessing().size(),
                plan.preprocessing().interpolation());
        if (options.textStorage().isPacked()) {
            progress.printf("text weights: %s%n", options.textStorage());
        }
        parts.ignored()
                .forEach((name, reason) -> progress.printf("left out: %s (%s)%n", name, reason));
        parts.notes().forEach(progress::println);
        progress.flush();
    }

    private void say(String kind, Placed<? extends Part> placed) {
        progress.printf("%s: %s%n", kind, placed.part().description());
    }

    private Path make(ImportPlan plan, String fingerprint) {
        try (BundleWriter bundle = BundleWriter.resume(target);
                Journal journal = Journal.open(bundle.journal(), fingerprint)) {
            if (journal.isFresh()) {
                bundle.clear();
            }
            ProgressBar bar = new ProgressBar(progress, terminal, Importer.steps(plan, options));
            new Importer(plan, options, bundle, journal, bar).write();
            try (Originals originals = new Originals(plan, options, bundle)) {
                finish(plan, bundle, originals);
            }
            journal.remove();
            return target;
        }
    }

    private void finish(ImportPlan plan, BundleWriter bundle, Originals originals) {
        ImportParts parts = plan.parts();
        Map<String, Path> licenses = new LinkedHashMap<>();
        licenses.put("image tower", parts.image().source().folder());
        licenses.put("text tower", parts.text().source().folder());
        parts.adapter().ifPresent(p -> licenses.put("adapter", p.source().folder()));
        MemoryBudget memory =
                options.memoryBytes().isPresent()
                        ? new MemoryBudget(options.memoryBytes().getAsLong())
                        : MemoryBudget.ofThisMachine();
        new Finisher(plan.form(), bundle, options, progress)
                .finish(
                        graphs(parts.image(), options.imagePrecisions(), memory, originals.image()),
                        graphs(
                                parts.text(),
                                options.textPrecisions(),
                                memory,
                                originals.text(progress)),
                        licenses,
                        RunJson.of(plan, options));
    }

    private Graphs graphs(
            Placed<? extends Part> placed,
            Set<Precision> written,
            MemoryBudget memory,
            Optional<Path> original) {
        long parameters = 0;
        long bytes = 0;
        long largest = 0;
        for (String name : placed.part().used()) {
            TensorInfo info = placed.source().tensors().info(name);
            parameters += info.elements();
            bytes += info.bytes();
            largest = Math.max(largest, TextStorage.isTable(name) ? 0 : info.elements());
        }
        Map<Precision, Fit> fits = new EnumMap<>(Precision.class);
        for (Precision precision : Precision.values()) {
            fits.put(precision, memory.fit(precision, parameters, bytes, largest));
        }
        return new Graphs(written, fits, original);
    }
}
